'use strict';
(function () {
    var body = document.body, root = document.documentElement;
    function all(selector, within) { return Array.prototype.slice.call((within || document).querySelectorAll(selector)); }
    function make(tag, kind, text) {
        var element = document.createElement(tag);
        if (kind) element.className = kind;
        if (text) element.textContent = text;
        return element;
    }
    function remember(name, value) { try { localStorage.setItem(name, value); } catch (e) { /* for this visit only */ } }
    function remembered(name) { try { return localStorage.getItem(name); } catch (e) { return null; } }
    function tell(text) { document.getElementById('told').textContent = text; }

    // ---- copy: code, and the address of a heading
    function copy(text, done) {
        if (navigator.clipboard && window.isSecureContext) {
            navigator.clipboard.writeText(text).then(done);
            return;
        }
        var area = make('textarea', 'away');
        area.value = text;
        body.append(area);
        area.select();
        if (document.execCommand('copy')) done();
        area.remove();
    }
    all('.code').forEach(function (box) {
        var button = make('button', 'copy', body.dataset.copy);
        button.type = 'button';
        button.addEventListener('click', function () {
            copy(box.querySelector('pre').textContent, function () {
                button.textContent = body.dataset.copied;
                tell(body.dataset.copied);
                setTimeout(function () { button.textContent = body.dataset.copy; }, 2000);
            });
        });
        box.append(button);
    });
    all('.anchor').forEach(function (link) {
        link.addEventListener('click', function () { copy(link.href, function () { tell(body.dataset.copied); }); });
    });

    // ---- tabs: the same choice everywhere, kept for the next visit
    var groups = {};
    all('.tabs').forEach(function (box, number) {
        var name = box.dataset.tabs, list = make('div', 'tablist');
        var panels = all('.tab', box).filter(function (panel) { return panel.parentNode === box; });
        if (panels.length < 2) return;
        list.setAttribute('role', 'tablist');
        var buttons = panels.map(function (panel, i) {
            var button = make('button', '', panel.querySelector('.tab-name').textContent);
            button.type = 'button';
            button.dir = 'auto'; // "C#" among Persian
            button.id = 'tab-' + number + '-' + i;
            button.setAttribute('role', 'tab');
            panel.id = panel.id || 'panel-' + number + '-' + i;
            button.setAttribute('aria-controls', panel.id);
            panel.setAttribute('role', 'tabpanel');
            panel.setAttribute('aria-labelledby', button.id);
            button.addEventListener('click', function () {
                var top = button.getBoundingClientRect().top;
                groups[name].forEach(function (choose) { choose(button.textContent); });
                window.scrollBy({ top: button.getBoundingClientRect().top - top, behavior: 'instant' });
                remember('cp-tab-' + name, button.textContent);
            });
            list.append(button);
            return button;
        });
        list.addEventListener('keydown', function (event) {
            var step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
            if (!step) return;
            if (root.dir === 'rtl') step = -step;
            var next = buttons[(buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length];
            next.focus();
            next.click();
        });
        function choose(title) {
            var chosen = buttons.findIndex(function (button) { return button.textContent === title; });
            if (chosen < 0) return;
            buttons.forEach(function (button, i) {
                button.setAttribute('aria-selected', i === chosen);
                button.tabIndex = i === chosen ? 0 : -1;
                panels[i].hidden = i !== chosen;
            });
        }
        box.prepend(list);
        box.classList.add('on');
        choose(buttons[0].textContent);
        choose(remembered('cp-tab-' + name));
        (groups[name] = groups[name] || []).push(choose);
    });

    // ---- where the reader is
    var links = {};
    all('#menu li a').forEach(function (link) { links[link.hash.slice(1)] = link; });
    var marks = all('h2[id],h3[id]').filter(function (heading) { return links[heading.id]; });
    var current = null, waiting = false;
    function look() {
        waiting = false;
        var now = marks[0];
        marks.forEach(function (mark) { if (mark.getBoundingClientRect().top < 140) now = mark; });
        if (!now || now === current) return;
        if (current) links[current.id].removeAttribute('aria-current');
        current = now;
        var link = links[now.id], menu = document.getElementById('menu');
        link.setAttribute('aria-current', 'true');
        var place = link.getBoundingClientRect(), frame = menu.getBoundingClientRect();
        if (place.top < frame.top + 20 || place.bottom > frame.bottom - 20) menu.scrollTop += place.top - frame.top - frame.height / 3;
    }
    addEventListener('scroll', function () { if (!waiting) { waiting = true; requestAnimationFrame(look); } }, { passive: true });
    look();

    // ---- colours
    var theme = document.getElementById('theme');
    theme.hidden = false;
    theme.addEventListener('click', function () {
        var dark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
        root.dataset.theme = dark ? 'light' : 'dark';
        remember('cp-theme', root.dataset.theme);
    });

    // ---- the caller's address
    var address = document.getElementById('address');
    if (address) {
        fetch('/documents/address').then(function (answer) { return answer.ok ? answer.text() : ''; }).then(function (text) {
            if (text) address.textContent = text.trim();
        }, function () { /* the link stays */ });
    }

    // ---- search: every word must be there; titles count most
    var box = document.querySelector('.search'), input = document.getElementById('q'), found = document.getElementById('found');
    var index = null, chosen = -1;
    box.hidden = false;
    function plain(text) {
        return text.toLowerCase()
            .replace(/[\u064a\u0649\u0626]/g, '\u06cc').replace(/[\u0622\u0623\u0625]/g, '\u0627').replace(/\u0624/g, '\u0648').replace(/\u0643/g, '\u06a9').replace(/[\u200c\u00a0]/g, ' ').replace(/[\u064b-\u0652\u0654]/g, '')
            .replace(/[\u06f0-\u06f9]/g, function (digit) { return String.fromCharCode(digit.charCodeAt(0) - 0x6f0 + 48); });
    }
    function load() {
        if (index) return;
        index = [];
        fetch(body.dataset.index).then(function (answer) { return answer.json(); }).then(function (entries) {
            index = entries.map(function (entry) {
                return { id: entry[0], title: entry[1], chapter: entry[2], text: entry[3], t: plain(entry[1]), c: plain(entry[2]), b: plain(entry[3]) };
            });
            show();
        });
    }
    function score(entry, words) {
        var sum = 0;
        for (var i = 0; i < words.length; i++) {
            var inTitle = entry.t.indexOf(words[i]), inText = entry.b.indexOf(words[i]);
            if (inTitle < 0 && inText < 0 && entry.c.indexOf(words[i]) < 0) return 0;
            sum += inTitle === 0 ? 30 : inTitle > 0 ? 20 : inText >= 0 ? 3 : 1;
        }
        return sum - entry.t.length / 100;
    }
    function show() {
        var words = plain(input.value).split(/\s+/).filter(Boolean);
        found.replaceChildren();
        chosen = -1;
        found.hidden = words.length === 0;
        input.setAttribute('aria-expanded', String(words.length > 0));
        input.removeAttribute('aria-activedescendant');
        if (words.length === 0) return;
        var hits = index.map(function (entry) { return { entry: entry, score: score(entry, words) }; })
            .filter(function (hit) { return hit.score > 0; })
            .sort(function (a, b) { return b.score - a.score; }).slice(0, 12);
        hits.forEach(function (hit, i) {
            var option = make('div');
            option.id = 'hit-' + i;
            option.setAttribute('role', 'option');
            option.setAttribute('aria-selected', 'false');
            option.append(make('b', '', hit.entry.title));
            var at = Math.max(0, hit.entry.b.indexOf(words[0]) - 40);
            option.append(make('small', '', hit.entry.chapter + ' \u2013 ' + (at ? '\u2026' : '') + hit.entry.text.slice(at, at + 110)));
            option.addEventListener('mousedown', function (event) { event.preventDefault(); go(hit.entry.id); });
            option.dataset.to = hit.entry.id;
            found.append(option);
        });
        if (hits.length) choose(0);
        else {
            found.append(make('div', '', body.dataset.nothing));
            found.firstChild.setAttribute('role', 'option');
            found.firstChild.setAttribute('aria-disabled', 'true');
            tell(body.dataset.nothing);
        }
    }
    function choose(i) {
        var options = all('[data-to]', found);
        if (options.length === 0) return;
        if (chosen >= 0) options[chosen].setAttribute('aria-selected', 'false');
        chosen = (i + options.length) % options.length;
        options[chosen].setAttribute('aria-selected', 'true');
        options[chosen].scrollIntoView({ block: 'nearest' });
        input.setAttribute('aria-activedescendant', options[chosen].id);
    }
    function go(id) {
        found.hidden = true;
        input.setAttribute('aria-expanded', 'false');
        input.blur();
        location.hash = id;
    }
    input.addEventListener('focus', load);
    input.addEventListener('input', function () { load(); show(); });
    input.addEventListener('blur', function () { found.hidden = true; });
    input.addEventListener('keydown', function (event) {
        var options = all('[data-to]', found);
        if (event.key === 'ArrowDown') choose(chosen + 1);
        else if (event.key === 'ArrowUp') choose(chosen - 1);
        else if (event.key === 'Enter' && options[chosen]) go(options[chosen].dataset.to);
        else if (event.key === 'Escape') { input.value = ''; show(); input.blur(); }
        else return;
        event.preventDefault();
    });
    addEventListener('keydown', function (event) {
        if (event.key === '/' && !/INPUT|TEXTAREA/.test(document.activeElement.tagName)) {
            event.preventDefault();
            input.focus();
        }
    });
})();
