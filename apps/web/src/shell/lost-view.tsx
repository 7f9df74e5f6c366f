import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { Nothing } from '../parts/nothing.js';

export function LostView(): ReactElement {
  return (
    <main className="p-8">
      <Nothing title="There is no such page." role="alert">
        The address may be misspelt, or of another version of Baton.{' '}
        <Link to="/" className="text-accent underline">
          Go to the runs
        </Link>
        .
      </Nothing>
    </main>
  );
}
