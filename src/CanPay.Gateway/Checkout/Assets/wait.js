(function () {
  'use strict';
  // Looks quietly, and shows the next page only when there is one: nobody's reading is disturbed. Without scripts the page
  // loads itself anew.
  var waiting = document.querySelector('[data-look-again-ms]');
  var pause = Number(waiting.getAttribute('data-look-again-ms'));
  var again = function () { setTimeout(look, pause); };
  var look = function () {
    if (!window.fetch) { location.reload(); return; }
    fetch(location.href, { credentials: 'same-origin' })
      .then(function (answer) { return answer.text(); })
      .then(function (page) { if (page.indexOf('data-look-again-ms') < 0) location.reload(); else again(); })
      .catch(again);
  };
  again();
})();
