import { type ReactElement, useState } from 'react';
import { Button } from '../../parts/button.js';

interface SecretOnceProps {
  readonly label: string;
  readonly secret: string;
}

/** A secret that nobody can ask for again. */
export function SecretOnce({ label, secret }: SecretOnceProps): ReactElement {
  const [said, setSaid] = useState('');
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(secret);
      setSaid('Copied.');
    } catch {
      setSaid('The browser does not let this page copy: mark it and copy it by hand.');
    }
  };
  return (
    <div>
      <p className="mb-1 font-medium text-warn">{label} It is shown this once: keep it now.</p>
      <code className="block rounded border border-line bg-raised p-2 font-mono text-xs break-all">{secret}</code>
      <p className="mt-2 flex items-center gap-2">
        <Button onClick={() => void copy()}>Copy</Button>
        <span role="status" className="text-quiet">
          {said}
        </span>
      </p>
    </div>
  );
}
