import { Link, useLocation } from '@tanstack/react-router';
import type { ReactElement, ReactNode } from 'react';
import { Menu, MenuLink } from '../parts/menu.js';
import { PLACES, placeAt } from './places.js';
import { WaitingCount } from './waiting-count.js';

/** Where one can go: a line of links, and a menu of the same where the window has no room for it. */
export const Navigation = (): ReactElement => (
  <nav aria-label="Views" className="flex min-w-0 flex-1 items-center gap-1">
    <span className="flex gap-1 max-lg:hidden">
      {PLACES.map(({ to, title }) => (
        <Place key={to} to={to}>
          {title}
          {to === '/approvals' ? <WaitingCount /> : null}
        </Place>
      ))}
    </span>
    <span className="flex items-center lg:hidden">
      <PlacesMenu />
      <Link to="/approvals">
        <WaitingCount />
      </Link>
    </span>
  </nav>
);

interface PlaceProps {
  readonly to: (typeof PLACES)[number]['to'];
  readonly children: ReactNode;
}

const Place = ({ to, children }: PlaceProps): ReactElement => (
  <Link
    to={to}
    activeOptions={{ exact: to === '/', includeSearch: false }}
    className="rounded px-2 py-1 text-quiet hover:bg-raised hover:text-ink aria-[current=page]:bg-raised aria-[current=page]:text-ink"
  >
    {children}
  </Link>
);

/** Named by where one is. */
function PlacesMenu(): ReactElement {
  const path = useLocation({ select: ({ pathname }) => pathname });
  const label = (
    <>
      <span className="sr-only">Views: </span>
      {placeAt(path)?.title ?? 'Views'}
      <span aria-hidden="true">▾</span>
    </>
  );
  return (
    <Menu label={label} align="start">
      {PLACES.map(({ to, title }) => (
        <MenuLink key={to}>
          <Link to={to} activeOptions={{ exact: to === '/', includeSearch: false }}>
            {title}
            {to === '/approvals' ? <WaitingCount /> : null}
          </Link>
        </MenuLink>
      ))}
    </Menu>
  );
}
