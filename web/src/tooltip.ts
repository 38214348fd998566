// One tooltip for the whole page. What an element says comes from its <title>, taken out once so that the browser does
// not show a second one; it appears on hover and on keyboard focus, and Escape hides it.
export function adoptTitles(root: Element): void {
  for (const title of Array.from(root.querySelectorAll('title'))) {
    const owner = title.parentElement!;
    owner.setAttribute('aria-label', title.textContent ?? '');
    owner.setAttribute('data-tip', title.textContent ?? '');
    title.remove();
  }
}

export function serveTooltips(tip: HTMLElement): void {
  let focused: Element | null = null;
  const ownerOf = (target: EventTarget | null): Element | null => (target instanceof Element ? target.closest('[data-tip]') : null);
  const hide = (): void => { tip.hidden = true; };
  const show = (owner: Element | null, at?: { x: number; y: number }): void => {
    if (!owner) return hide();
    tip.textContent = owner.getAttribute('data-tip');
    tip.hidden = false;
    const box = owner.getBoundingClientRect();
    const x = at?.x ?? box.left + box.width / 2, y = at?.y ?? box.bottom;
    const left = Math.max(8, Math.min(x + 14, document.documentElement.clientWidth - tip.offsetWidth - 8));
    const below = y + 18 + tip.offsetHeight < window.innerHeight;
    tip.style.left = `${left}px`;
    tip.style.top = `${Math.max(8, below ? y + 16 : y - tip.offsetHeight - 12)}px`;
  };
  document.addEventListener('pointerover', (e) => show(ownerOf(e.target), { x: e.clientX, y: e.clientY }));
  document.addEventListener('focusin', (e) => show((focused = ownerOf(e.target))));
  document.addEventListener('focusout', () => { focused = null; hide(); });
  // Focus scrolls its element into view: the tooltip goes along. It does not follow the mouse.
  document.addEventListener('scroll', () => (focused && !tip.hidden ? show(focused) : hide()), true);
  document.addEventListener('keydown', (e) => { if (e.key === 'Escape') hide(); });
}
