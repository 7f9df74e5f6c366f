import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { sessionQuery } from '../api/session.js';
import { Menu, MenuChoice, MenuItem, MenuLine, MenuLink } from '../parts/menu.js';
import { setPreferences, usePreferences } from '../preferences/preferences.js';

const THEMES = [
  ['system', 'Theme of the system'],
  ['light', 'Light'],
  ['dark', 'Dark'],
] as const;
const TIMES = [
  ['relative', 'Times as “3 min ago”'],
  ['local', 'Local times'],
  ['utc', 'Times in UTC'],
] as const;

/** Who is signed in, what they like, and the way out. */
export function AccountMenu({ onLeave }: { readonly onLeave: () => void }): ReactElement | null {
  const { data: session } = useQuery(sessionQuery);
  const { theme, time } = usePreferences();
  if (session == null) return null;
  return (
    <Menu label={<span className="max-w-24 truncate sm:max-w-56">{session.actor.id}</span>}>
      <MenuLine>{session.roles.join(', ')}</MenuLine>
      <MenuChoice value={theme} choices={THEMES} onChoose={(value) => setPreferences({ theme: value })} />
      <MenuChoice value={time} choices={TIMES} onChoose={(value) => setPreferences({ time: value })} />
      <MenuLink>
        <Link to="/operations" search={{ part: 'sessions' }}>
          Where you are signed in
        </Link>
      </MenuLink>
      <MenuItem onChoose={onLeave}>Sign out</MenuItem>
    </Menu>
  );
}
