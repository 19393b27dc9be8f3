(function () {
  'use strict';
  var back = document.getElementById('back');
  if (!back) return;
  setTimeout(function () {
    if (back.submit) back.submit(); else location.replace(back.href);
  }, Number(back.getAttribute('data-after-ms')));
})();
