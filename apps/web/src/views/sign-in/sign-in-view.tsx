import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { type FormEvent, type ReactElement, useEffect, useRef, useState } from 'react';
import { sessionQuery, signIn, signInOptionsQuery } from '../../api/session.js';
import { Button } from '../../parts/button.js';
import { TextField } from '../../parts/field.js';
import { refusalOf } from '../../parts/refusal.js';
import { codeInFragment } from './code-in-fragment.js';

const route = getRouteApi('/sign-in');

/** With the link that `npm start` prints, which holds a code that works once, or with a key. */
export function SignInView(): ReactElement {
  const { to = '/' } = route.useSearch();
  const router = useRouter();
  const queries = useQueryClient();
  const { data: options } = useQuery(signInOptionsQuery);
  const [error, setError] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const hasTried = useRef(false);

  const enter = async (credential: { readonly code: string } | { readonly token: string }): Promise<void> => {
    setBusy(true);
    setError(undefined);
    try {
      queries.setQueryData(sessionQuery.queryKey, await signIn(credential));
      router.history.replace(to);
    } catch (thrown) {
      setError(refusalOf(thrown));
    } finally {
      setBusy(false);
    }
  };

  useEffect(() => {
    const code = codeInFragment(window.location.hash);
    if (code === null || hasTried.current) return;
    hasTried.current = true;
    // It works once: it must not stay in the address, where it would be tried again.
    window.history.replaceState(window.history.state, '', window.location.pathname + window.location.search);
    void enter({ code });
  });

  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const token = new FormData(event.currentTarget).get('key');
    if (typeof token === 'string' && token.trim() !== '') void enter({ token: token.trim() });
  };

  return (
    <main className="mx-auto mt-[15vh] max-w-sm p-4">
      <h1 className="mb-4 text-xl font-semibold">Sign in to Baton</h1>
      <form onSubmit={submit} className="space-y-3">
        <TextField
          label="Key"
          name="key"
          type="password"
          autoComplete="current-password"
          required
          error={error}
          hint={
            <>
              Or open a link that signs you in once: <code className="font-mono">npm start</code> prints one, and so
              does <code className="font-mono">baton auth link</code>.
            </>
          }
        />
        <Button kind="main" type="submit" disabled={isBusy}>
          {isBusy ? 'Signing in …' : 'Sign in'}
        </Button>
      </form>
      {options?.oidc == null ? null : (
        <p className="mt-4">
          {/* Leaves the page: the gateway leads to the provider, which leads back here. */}
          <a href="/v1/auth/oidc/start" className="text-accent underline">
            Sign in with {new URL(options.oidc.issuer).host}
          </a>
        </p>
      )}
    </main>
  );
}
