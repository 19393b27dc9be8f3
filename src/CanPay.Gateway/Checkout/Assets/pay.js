(function () {
  'use strict';
  var byId = function (id) { return document.getElementById(id); };
  // Every text comes from the page, so that this one script serves each language.
  var isPersian = document.documentElement.lang === 'fa';
  var local = function (text) {
    return isPersian ? text.replace(/[0-9]/g, function (d) { return String.fromCharCode(1776 + Number(d)); }) : text;
  };
  var digits = function (text) {
    return text.replace(/[\u06f0-\u06f9]/g, function (c) { return String(c.charCodeAt(0) - 1776); })
      .replace(/[\u0660-\u0669]/g, function (c) { return String(c.charCodeAt(0) - 1632); })
      .replace(/[^0-9]/g, '');
  };

  // The time left, by this device's stopwatch: its clock may be wrong.
  var clock = byId('left');
  if (clock) {
    var end = performance.now() + Number(clock.getAttribute('data-seconds')) * 1000;
    var timer = setInterval(function () {
      var s = Math.max(0, Math.ceil((end - performance.now()) / 1000));
      var two = function (n) { return (n < 10 ? '0' : '') + n; };
      clock.textContent = local(two(Math.floor(s / 60)) + ':' + two(s % 60));
      if (s === 0) { clearInterval(timer); location.reload(); }
    }, 500);
  }

  var form = byId('card');
  if (!form) return;
  var pan = byId('pan');
  var fields = [pan, byId('cvv2'), byId('month'), byId('year'), byId('pin')].filter(Boolean);

  // First six digits, hue, name in Persian, name in English: written in when the program starts.
  var banks = '{banks}'.split('|');
  var bankLine = byId('bank');
  var showBank = function (number) {
    var found = number.length < 6 ? null : banks.filter(function (b) { return b.split(':')[0].indexOf(number.slice(0, 6)) >= 0; })[0];
    bankLine.textContent = '';
    if (!found) return;
    var parts = found.split(':');
    var name = parts[isPersian ? 2 : 3];
    var mark = document.createElement('i');
    mark.textContent = name.charAt(0);
    mark.style.background = 'hsl(' + parts[1] + ',60%,38%)';
    mark.setAttribute('aria-hidden', 'true');
    bankLine.appendChild(mark);
    bankLine.appendChild(document.createTextNode(bankLine.getAttribute('data-name').replace('{0}', name)));
  };

  // Groups of four, the caret staying behind the digit it stood behind.
  var group = function () {
    var before = digits(pan.value.slice(0, pan.selectionStart)).length;
    var number = digits(pan.value).slice(0, 19);
    pan.value = number.replace(/(.{4})(?=.)/g, '$1 ');
    var at = before + Math.floor(Math.max(0, before - 1) / 4);
    if (document.activeElement === pan) pan.setSelectionRange(at, at);
    showBank(number);
    return number.length;
  };

  fields.forEach(function (field, i) {
    field.addEventListener('input', function (event) {
      var length;
      if (field === pan) {
        length = group();
      } else {
        var plain = digits(field.value);
        if (plain !== field.value) field.value = plain;
        length = plain.length;
      }
      field.removeAttribute('aria-invalid');
      var full = Number(field.getAttribute('data-full'));
      var typed = !event.inputType || event.inputType.indexOf('insert') === 0;
      if (full && typed && length === full && fields[i + 1] && document.activeElement === field) fields[i + 1].focus();
    });
  });
  if (pan) group();

  // A dynamic PIN is asked for without leaving the page. Without fetch the button sends the form.
  var ask = byId('ask-pin');
  var note = byId('pin-note');
  var askLabel = ask && ask.textContent;
  var rest = function (seconds) {
    var until = performance.now() + seconds * 1000;
    var ticking;
    var tick = function () {
      var s = Math.ceil((until - performance.now()) / 1000);
      ask.disabled = s > 0;
      var time = local(Math.floor(s / 60) + ':' + (s % 60 < 10 ? '0' : '') + s % 60);
      ask.textContent = s > 0 ? ask.getAttribute('data-again').replace('{0}', time) : askLabel;
      if (s <= 0) clearInterval(ticking);
    };
    ticking = setInterval(tick, 500);
    tick();
  };
  var panError = function (text) {
    if (!pan) { location.reload(); return; }
    var line = byId('pan-error');
    if (!line && text) {
      line = document.createElement('p');
      line.id = 'pan-error';
      line.className = 'err';
      pan.parentNode.appendChild(line);
      pan.setAttribute('aria-describedby', 'pan-error');
    }
    if (line) line.textContent = text;
    if (!text) return;
    pan.setAttribute('aria-invalid', 'true');
    pan.focus();
  };
  if (ask && window.fetch && window.URLSearchParams) {
    if (Number(ask.getAttribute('data-rest')) > 0) rest(Number(ask.getAttribute('data-rest')));
    ask.addEventListener('click', function (event) {
      event.preventDefault();
      var body = new URLSearchParams();
      ['form', 'pan', 'saved', 'cvv2', 'month', 'year'].forEach(function (name) {
        if (form.elements[name]) body.append(name, form.elements[name].value);
      });
      ask.disabled = true;
      note.textContent = '';
      if (pan) panError('');
      fetch(ask.formAction, { method: 'POST', headers: { Accept: 'application/json' }, body: body, credentials: 'same-origin', redirect: 'manual' })
        .then(function (response) {
          // Led elsewhere: the payment is not where this page left it.
          if (response.type === 'opaqueredirect') { location.reload(); return null; }
          return response.json();
        })
        .then(function (answer) {
          if (!answer) return;
          ask.disabled = false;
          if (answer.field) { panError(answer.text); return; }
          note.textContent = answer.text;
          if (answer.seconds) { rest(answer.seconds); byId('pin').focus(); }
        })
        .catch(function () {
          ask.disabled = false;
          note.textContent = ask.getAttribute('data-failed');
        });
    });
  }

  // Keys on the screen for CVV2 and PIN, in a new order each time they are opened.
  var pad = byId('keypad'), opener = byId('keypad-open');
  var secrets = [byId('cvv2'), byId('pin')];
  var into = secrets[1];
  var aim = function (field) {
    into = field;
    var label = form.querySelector('label[for=' + field.id + ']');
    if (pad.firstChild) pad.firstChild.textContent = pad.getAttribute('data-into').replace('{0}', label.firstChild.textContent.trim());
  };
  var key = function (text, name, press) {
    var button = document.createElement('button');
    button.type = 'button';
    button.textContent = text;
    if (name) button.setAttribute('aria-label', name);
    button.addEventListener('click', function () { press(); into.dispatchEvent(new Event('input', { bubbles: true })); });
    pad.appendChild(button);
  };
  var shuffled = function () {
    var keys = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];
    for (var i = keys.length - 1; i > 0; i--) {
      var at = crypto.getRandomValues(new Uint32Array(1))[0] % (i + 1);
      var other = keys[i]; keys[i] = keys[at]; keys[at] = other;
    }
    return keys;
  };
  if (window.crypto && crypto.getRandomValues) {
    opener.hidden = false;
    secrets.forEach(function (field) { field.addEventListener('focus', function () { aim(field); }); });
    opener.addEventListener('click', function () {
      pad.hidden = !pad.hidden;
      opener.setAttribute('aria-expanded', String(!pad.hidden));
      pad.textContent = '';
      if (pad.hidden) return;
      var line = document.createElement('p');
      line.setAttribute('aria-live', 'polite');
      pad.appendChild(line);
      shuffled().forEach(function (digit) {
        key(local(digit), '', function () { if (into.value.length < into.maxLength) into.value += digit; });
      });
      key('\u232b', pad.getAttribute('data-delete'), function () { into.value = into.value.slice(0, -1); });
      aim(into);
    });
  }

  // One press is enough. Coming back by "back" opens the form again.
  var pay = byId('pay');
  form.addEventListener('submit', function (event) {
    if (event.submitter && event.submitter.hasAttribute('formaction')) return;
    if (pay.getAttribute('aria-busy') === 'true') { event.preventDefault(); return; }
    pay.setAttribute('aria-busy', 'true');
    pay.textContent = pay.getAttribute('data-busy');
  });
  addEventListener('pageshow', function (event) { if (event.persisted) location.reload(); });
})();
