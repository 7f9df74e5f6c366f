import type { Locator, Page } from 'playwright-core';

/** How somebody works with a page: the same steps with a mouse, and by keyboard alone. */
export interface Hands {
  /** Clicks it, or goes to it and presses Enter. */
  choose(target: Locator): Promise<void>;
  /** Puts a text in place of what is there. */
  write(field: Locator, text: string): Promise<void>;
  /** One of the options of a list that opens, by what is read there. */
  pick(field: Locator, option: string): Promise<void>;
  /** To a value of a slider that begins at 1. */
  slide(slider: Locator, value: number): Promise<void>;
}

export const HANDS = ['mouse', 'keyboard'] as const;

export const handsOf = (kind: (typeof HANDS)[number], page: Page): Hands =>
  kind === 'mouse' ? mouseOn(page) : keyboardOn(page);

const mouseOn = (page: Page): Hands => ({
  choose: (target) => target.click(),
  async write(field, text) {
    if (!(await field.evaluate((element) => element instanceof HTMLElement && element.isContentEditable))) {
      return field.fill(text);
    }
    // An editor draws itself anew while it is told what is wrong: what is selected is its to say, and not the page's.
    await field.click();
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText(text);
  },
  async pick(field, option) {
    await field.selectOption({ label: option });
  },
  slide: (slider, value) => slider.fill(String(value)),
});

const keyboardOn = (page: Page): Hands => ({
  async choose(target) {
    await reach(page, target);
    await page.keyboard.press('Enter');
  },
  async write(field, text) {
    await reach(page, field);
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText(text);
  },
  async pick(field, option) {
    await reach(page, field);
    await page.keyboard.type(option);
    const chosen = await field.evaluate((list) =>
      list instanceof HTMLSelectElement ? list.selectedOptions[0]?.textContent : null,
    );
    if (chosen !== option) throw new Error(`typing ${option} chose ${String(chosen)}`);
  },
  async slide(slider, value) {
    await reach(page, slider);
    await page.keyboard.press('Home');
    for (let at = 1; at < value; at += 1) await page.keyboard.press('ArrowRight');
  },
});

/** Of a page on which more than that has to be passed by Tab, nobody would say that it works by keyboard. */
const MOST_PRESSES = 120;
const [LOOKS, LOOK_EVERY_MS] = [20, 20];

/**
 * Goes to an element as somebody without a mouse does: by Tab, and by arrows within what is one stop for Tab, such as tabs and
 * menus. Throws where that never leads there, or where it cannot be seen that it did.
 */
async function reach(page: Page, target: Locator): Promise<void> {
  await target.waitFor();
  let notSeen = 0;
  for (let pressed = 0; pressed < MOST_PRESSES; pressed += 1) {
    const { isThere, isSeen, isInside, group } = await target.evaluate(standing);
    if (isThere && isSeen) return;
    // An editor says so a moment later.
    if (isThere && notSeen === LOOKS) throw new Error(`nobody sees that the focus is on ${target}`);
    if (isThere) {
      notSeen += 1;
      await page.waitForTimeout(LOOK_EVERY_MS);
      continue;
    }
    await page.keyboard.press(isInside ? (ARROWS[group ?? ''] ?? 'Tab') : 'Tab');
  }
  throw new Error(`no way by keyboard to ${target}`);
}

/** Where the focus is, from a target: on it, or on a neighbour within the same group. Runs in the page. */
function standing(target: Element) {
  const group = target.closest('[role=tablist], [role=menu], [role=radiogroup]');
  const focused = document.activeElement;
  const isOutlined = (element: Element | null): boolean =>
    element !== null && (getComputedStyle(element).outlineStyle !== 'none' || isOutlined(element.parentElement));
  return {
    isThere: focused === target,
    isSeen: isOutlined(target) || target.hasAttribute('data-highlighted'),
    isInside: group?.contains(focused) ?? false,
    group: group?.getAttribute('role') ?? null,
  };
}

const ARROWS: Readonly<Record<string, string>> = { tablist: 'ArrowRight', menu: 'ArrowDown', radiogroup: 'ArrowDown' };
