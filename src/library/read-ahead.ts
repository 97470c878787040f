/** So many are read while one is used: a disk and a hash have work at the same time, and memory for no more. */
const ahead = 1;

/** What `read` gives for 0, 1, … `count` − 1, in this order. */
export async function* readAhead<T>(count: number, read: (index: number) => Promise<T>): AsyncGenerator<T> {
  const coming: Promise<T>[] = [];
  for (let next = 0, index = 0; index < count; index++) {
    for (; next < count && next <= index + ahead; next++) {
      const reading = read(next);
      // Told when its turn comes; nobody may be waiting by then.
      reading.catch(() => undefined);
      coming.push(reading);
    }
    const reading = coming.shift();
    if (reading) yield await reading;
  }
}
