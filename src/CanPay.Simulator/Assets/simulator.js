'use strict';
// Comfort only: seconds run down, what is new appears without losing one's place, a click copies a number.
(() => {
  const refreshMs = 3000;
  const live = document.getElementById('live');
  const persian = n => String(n).replace(/\d/g, d => '۰۱۲۳۴۵۶۷۸۹'[d]);

  setInterval(() => {
    for (const seconds of document.querySelectorAll('.seconds')) {
      const left = Math.max(0, Number(seconds.dataset.seconds) - 1);
      seconds.dataset.seconds = left;
      seconds.textContent = persian(left);
    }
  }, 1000);

  const mark = () => {
    for (const code of document.querySelectorAll('code[data-copy]')) {
      code.classList.add('can');
      code.tabIndex = 0;
      code.title = 'رونوشت';
    }
  };

  // Each section by itself, and only where it changed: a selection or a focus elsewhere stays.
  const seen = new WeakMap();
  const isInUse = section => section.contains(document.activeElement) || (String(getSelection()) && getSelection().containsNode(section, true));
  const refresh = async () => {
    if (document.hidden) {
      return;
    }
    try {
      const page = new DOMParser().parseFromString(await (await fetch('/')).text(), 'text/html');
      const fresh = [...page.getElementById('live').children];
      const shown = [...live.children];
      fresh.forEach((section, i) => {
        const html = section.outerHTML;
        seen.set(section, html);
        if (fresh.length === shown.length && (seen.get(shown[i]) === html || isInUse(shown[i]))) {
          return;
        }
        if (fresh.length === shown.length) {
          shown[i].replaceWith(section);
        }
      });
      if (fresh.length !== shown.length && !shown.some(isInUse)) {
        live.replaceChildren(...fresh);
      }
      mark();
    } catch {
      // The simulator is away; the next turn may find it again.
    }
  };

  const copy = async code => {
    await navigator.clipboard?.writeText(code.dataset.copy);
    code.classList.add('copied');
    setTimeout(() => { code.classList.remove('copied'); code.blur(); }, 900);
  };

  live.addEventListener('click', event => {
    const code = event.target.closest('code[data-copy]');
    if (code && !String(getSelection())) {
      copy(code);
    }
  });
  live.addEventListener('keydown', event => {
    if (event.key === 'Enter' && event.target.matches('code[data-copy]')) {
      copy(event.target);
    }
  });

  mark();
  setInterval(refresh, refreshMs);
})();
