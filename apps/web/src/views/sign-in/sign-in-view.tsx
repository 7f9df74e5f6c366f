import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { type FormEvent, type ReactElement, useEffect, useRef, useState } from 'react';
import { sessionQuery, signIn, signInOptionsQuery } from '../../api/session.js';
import { Button } from '../../parts/button.js';
import { TextField } from '../../parts/field.js';
import { refusalOf } from '../../parts/refusal.js';
import { codeInFragment } from './code-in-fragment.js';
import { linkStep } from './link-step.js';

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
  const [code, setCode] = useState<string | null>(null);
  const { data: session, isError } = useQuery(sessionQuery);
  // Where it cannot be told who is signed in, signing in says what is wrong.
  const step = linkStep(code, isError ? null : session);

  const enter = async (credential: { readonly code: string } | { readonly token: string }): Promise<void> => {
    setBusy(true);
    setError(undefined);
    try {
      const begun = await signIn(credential);
      setCode(null);
      // What somebody else saw here before is not theirs.
      queries.removeQueries({ type: 'inactive' });
      queries.setQueryData(sessionQuery.queryKey, begun);
      router.history.replace(to);
    } catch (thrown) {
      setError(refusalOf(thrown));
    } finally {
      setBusy(false);
    }
  };

  useEffect(() => {
    const found = codeInFragment(window.location.hash);
    if (found === null) return;
    // It works once: it must not stay in the address, where it would be tried again.
    window.history.replaceState(window.history.state, '', window.location.pathname + window.location.search);
    hasTried.current = false;
    setCode(found);
  });

  useEffect(() => {
    if (step !== 'enter' || code === null || hasTried.current) return;
    hasTried.current = true;
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
      {step !== 'ask' || code === null || session == null ? null : (
        <div role="alert" className="mb-4 space-y-2">
          <p>
            You are signed in as {session.actor.id}. The link that you followed may sign you in as somebody else: use it
            if it is yours.
          </p>
          <p className="flex gap-2">
            <Button kind="main" onClick={() => router.history.replace(to)}>
              Stay signed in as {session.actor.id}
            </Button>
            <Button onClick={() => void enter({ code })} disabled={isBusy}>
              Sign in by the link
            </Button>
          </p>
        </div>
      )}
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
