/** What a stranger types to check a deployment; `base` is the app's folder with a slash at its end. */

/** Fetches and hashes every file that `release.json` names; needs curl, sed and sha256sum, and nothing of ours. */
export function hashCommand(base: string): string {
  return [
    `u='${base}'`,
    `curl -fsS "$u"release.json |`,
    String.raw`  sed -n 's/^ *"\([^"]*\)": "\([0-9a-f]\{64\}\)",*$/\2 \1/p' |`,
    `  while read -r hash path; do`,
    `    curl -fsS "$u$path" | sha256sum | grep -q "^$hash" &&`,
    `      echo "same $path" || echo "DIFFERENT $path"`,
    `  done`,
  ].join('\n');
}

export function releaseCommand(base: string): string {
  return `npm run verify-release -- ${base}`;
}

export function leakTestCommand(base: string): string {
  return `npm run leak-test -- ${base}`;
}

export function tcpdumpCommand(base: string): string {
  return `sudo tcpdump -i any -n host ${new URL(base).hostname}`;
}
