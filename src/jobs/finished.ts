/** What the steps make; one that stops between two of them lets the run free what it holds. */
export async function finished<Step, Made>(
  steps: AsyncGenerator<Step, Made, void>,
  between: (step: Step) => Promise<void>,
): Promise<Made> {
  let step = await steps.next();
  try {
    for (; !step.done; step = await steps.next()) await between(step.value);
  } catch (thrown) {
    // What it would return is not asked for any more.
    await steps.return(undefined as never);
    throw thrown;
  }
  return step.value;
}
