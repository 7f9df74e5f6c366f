import { useEffect } from 'react';

/*
 * The title of the document: what is looked at, and how it stands, since many tabs are open at a time. A view may say it; where
 * it says nothing, it is the name of the place.
 */

let ofView: string | null = null;
let ofPlace = '';

const show = (): void => {
  document.title = [ofView ?? ofPlace, 'Baton'].filter((part) => part !== '').join(' · ');
};

/** @param title null: the view has nothing to say yet */
export function usePageTitle(title: string | null): void {
  useEffect(() => {
    ofView = title;
    show();
    return () => {
      ofView = null;
      show();
    };
  }, [title]);
}

/** For the frame around views. */
export function usePlaceTitle(title: string): void {
  useEffect(() => {
    ofPlace = title;
    show();
  }, [title]);
}
