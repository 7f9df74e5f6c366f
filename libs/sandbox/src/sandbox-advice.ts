/** What bubblewrap says where it may not do its work, and what helps. Seen on Debian 12, Ubuntu 24.04 and in Docker. */
const KNOWN: readonly (readonly [said: RegExp, next: string])[] = [
  [
    /Unknown option --(size|perms)/,
    'This bubblewrap is too old: 0.8 or later is needed, as Debian 12 and Ubuntu 24.04 have it.',
  ],
  [
    /setting up uid map|loopback: Failed RTM_NEWADDR/,
    'AppArmor keeps programs from user namespaces, as Ubuntu 24.04 does: install a profile for /usr/bin/bwrap that says `userns,` (docs/sandbox.md has it).',
  ],
  [
    /mount proc|Can't mount proc/,
    'The container hides parts of /proc: start it with `--security-opt systempaths=unconfined` (Kubernetes: procMount: Unmasked).',
  ],
  [
    /[Cc]reating new namespace failed|No permissions to create|clone|Operation not permitted|unprivileged_userns/,
    'User namespaces are forbidden here. In a container: `--security-opt seccomp=infra/sandbox-seccomp.json --security-opt apparmor=unconfined --security-opt systempaths=unconfined`. On a machine: sysctl kernel.unprivileged_userns_clone=1 and user.max_user_namespaces above 0.',
  ],
];

/** @param said the last line of what the attempt printed */
export function adviceFor(said: string): { readonly reason: string; readonly next: string } {
  const next = KNOWN.find(([pattern]) => pattern.test(said))?.[1];
  return {
    reason: `bubblewrap does not work here (${said === '' ? 'it ended without a word' : said})`,
    next: next ?? 'See docs/sandbox.md.',
  };
}
