import { toError } from '@baton/contracts';
import { type AddressPolicy, allowedAddresses, privateKindOf, type Resolve, TargetRefused } from '@baton/outbound';

/** Where requests may go. */
export interface TargetPolicy {
  /** Private addresses and plain http are allowed, too. */
  readonly allowPrivate: boolean;
  readonly resolve: Resolve;
}

/** Throws TargetRefused unless requests may go to URLs of this form. */
export function refuseUnlessAllowed(url: URL, { allowPrivate }: Pick<TargetPolicy, 'allowPrivate'>): void {
  if (url.protocol !== 'https:' && !(allowPrivate && url.protocol === 'http:')) {
    throw new TargetRefused(allowPrivate ? 'must begin with https:// or http://' : 'must begin with https://');
  }
  // They would stand in lists and logs for everybody to see.
  if (url.username !== '' || url.password !== '') throw new TargetRefused('must not hold a user name or a password');
}

/** The policy for the addresses of a host, however it is named. */
export const addressesUnder = ({ allowPrivate, resolve }: TargetPolicy): AddressPolicy => ({
  refusalOf: allowPrivate ? () => null : privateKindOf,
  resolve,
});

/** The URL that a webhook is set to, or why it is refused: a clause about the URL. */
export type CheckedTarget =
  | { readonly status: 'allowed'; readonly url: string }
  | { readonly status: 'refused'; readonly reason: string };

/** Looks at a URL before it is stored. What is checked here is checked again for each connection. */
export async function checkTarget(text: string, policy: TargetPolicy): Promise<CheckedTarget> {
  const refused = (reason: string): CheckedTarget => ({ status: 'refused', reason });
  if (!URL.canParse(text)) return refused('is not a URL');
  const url = new URL(text);
  url.hash = '';
  try {
    refuseUnlessAllowed(url, policy);
    // The host may be one that starts later; only where its address matters must it have one now.
    if (!policy.allowPrivate) await allowedAddresses(url.hostname, addressesUnder(policy));
  } catch (thrown) {
    const error = toError(thrown);
    if (error instanceof TargetRefused) return refused(error.message);
    if ('syscall' in error) return refused(`names a host that cannot be found: ${error.message}`);
    throw thrown;
  }
  return { status: 'allowed', url: url.href };
}
