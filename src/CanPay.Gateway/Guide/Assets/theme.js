'use strict';
(function () {
    // Before anything is painted: the colours that were chosen here last.
    try {
        var chosen = localStorage.getItem('cp-theme');
        if (chosen === 'dark' || chosen === 'light') document.documentElement.dataset.theme = chosen;
    } catch (e) { /* no storage here: the system's colours */ }
})();
