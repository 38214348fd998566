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
  const show = (target: EventTarget | null, at?: { x: number; y: number }): void => {
    const owner = target instanceof Element ? target.closest('[data-tip]') : null;
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
  const hide = (): void => { tip.hidden = true; };
  document.addEventListener('pointerover', (e) => show(e.target, { x: e.clientX, y: e.clientY }));
  document.addEventListener('focusin', (e) => show(e.target));
  document.addEventListener('focusout', hide);
  document.addEventListener('scroll', hide, true);
  document.addEventListener('keydown', (e) => { if (e.key === 'Escape') hide(); });
}
