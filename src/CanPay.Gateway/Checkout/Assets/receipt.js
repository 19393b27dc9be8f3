(function () {
  'use strict';
  var byId = function (id) { return document.getElementById(id); };
  var receipt = byId('receipt');
  if (!receipt) return;
  var address = receipt.getAttribute('data-address');
  var say = function (text) { byId('told').textContent = text; };
  var find = function (selector) { return receipt.querySelector(selector); };
  byId('tools').hidden = false;

  byId('print').addEventListener('click', function () { print(); });

  // The way of browsers without a clipboard, and of pages that are not served over TLS.
  var copyOldWay = function () {
    var area = document.createElement('textarea');
    area.value = address;
    area.setAttribute('readonly', '');
    area.className = 'away';
    document.body.appendChild(area);
    area.select();
    var done = document.execCommand('copy');
    document.body.removeChild(area);
    return done;
  };
  var copied = function (done) { say(done ? byId('share').getAttribute('data-done') : address); };
  var copy = function () {
    if (navigator.clipboard && navigator.clipboard.writeText) {
      navigator.clipboard.writeText(address).then(function () { copied(true); }, function () { copied(copyOldWay()); });
    } else {
      copied(copyOldWay());
    }
  };
  byId('share').addEventListener('click', function () {
    if (!navigator.share) { copy(); return; }
    navigator.share({ title: document.title, url: address }).catch(function (error) {
      if (error.name !== 'AbortError') copy();
    });
  });

  // Always on white: the picture is sent to others, and printed.
  var INK = '#13202e', DIM = '#56677a', LINE = '#d5dde7';
  var MARKS = { ok: ['#0b7a45', '#e5f6ed'], bad: ['#b3261e', '#fdeceb'], wait: ['#7a5200', '#fff4dc'] };
  var WIDTH = 540, PAD = 32, SCALE = 2, QR = 116;

  var draw = function (withQr) {
    var canvas = document.createElement('canvas');
    var pen = canvas.getContext('2d');
    var font = function (weight, size) { pen.font = weight + ' ' + size + 'px Vazirmatn, Tahoma, sans-serif'; };

    // Draws a paragraph by words, or only measures it, and says where the next may begin.
    var paragraph = function (text, x, y, width, height, paint) {
      var line = '';
      text.split(/\s+/).forEach(function (word) {
        var longer = line ? line + ' ' + word : word;
        if (line && pen.measureText(longer).width > width) {
          if (paint) pen.fillText(line, x, y);
          y += height;
          line = word;
        } else {
          line = longer;
        }
      });
      if (paint) pen.fillText(line, x, y);
      return y + height;
    };

    var right = WIDTH - PAD, inner = WIDTH - 2 * PAD;
    var isRtl = document.documentElement.dir === 'rtl';
    var start = isRtl ? right : PAD, end = isRtl ? PAD : right, indented = isRtl ? right - 16 : PAD + 16;
    var page = function (paint) {
      var y = PAD + 16;
      var fromStart = function () { pen.direction = isRtl ? 'rtl' : 'ltr'; pen.textAlign = isRtl ? 'right' : 'left'; };
      var rule = function () {
        if (paint) { pen.strokeStyle = LINE; pen.beginPath(); pen.moveTo(PAD, y); pen.lineTo(right, y); pen.stroke(); }
      };
      fromStart();
      pen.fillStyle = DIM; font(400, 15);
      y = paragraph(find('.brand').textContent.trim(), start, y, inner, 34, paint);
      var mark = MARKS[receipt.getAttribute('data-kind')];
      font(700, 22);
      var below = paragraph(find('h1').textContent, indented, y + 22, inner - 32, 32, false);
      if (paint) { pen.fillStyle = mark[1]; pen.fillRect(PAD, y - 12, inner, below - y); }
      pen.fillStyle = mark[0];
      y = paragraph(find('h1').textContent, indented, y + 22, inner - 32, 32, paint) + 20;
      pen.fillStyle = INK; font(400, 15);
      y = paragraph(find('.head p').textContent, start, y, inner, 27, paint) + 8;
      font(700, 30); pen.fillStyle = INK;
      y = paragraph(find('.total b').textContent, start, y + 16, inner, 30, paint);
      font(400, 15); pen.fillStyle = DIM;
      y = paragraph(find('.total small').textContent, start, y, inner, 20, paint);
      rule();
      y += 32;
      Array.prototype.forEach.call(receipt.querySelectorAll('dl > div'), function (row) {
        fromStart();
        font(400, 15); pen.fillStyle = DIM;
        if (paint) pen.fillText(row.querySelector('dt').textContent, start, y);
        var value = row.querySelector('bdi');
        if (value.dir === 'ltr') pen.direction = 'ltr';
        pen.textAlign = isRtl ? 'left' : 'right';
        font(500, 16); pen.fillStyle = INK;
        y = paragraph(value.textContent, end, y, inner - 130, 26, paint) + 6;
      });
      y -= 10;
      rule();
      y += 20;
      var side = withQr ? QR : 0;
      if (paint && withQr) pen.drawImage(find('img'), isRtl ? PAD : right - QR, y, QR, QR);
      fromStart();
      pen.fillStyle = DIM; font(400, 14);
      below = paragraph(find('.keep-link p').textContent, start, y + 24, inner - side - 20, 24, paint);
      pen.direction = 'ltr';
      font(500, 13); pen.fillStyle = INK;
      address.match(/.{1,38}/g).forEach(function (part) {
        if (paint) pen.fillText(part, start, below);
        below += 20;
      });
      fromStart();
      pen.fillStyle = DIM; font(400, 14);
      below = paragraph(find('.asof').textContent, start, below + 8, inner - side - 20, 22, paint);
      return Math.max(below, y + side + 16) + PAD - 24;
    };

    canvas.width = WIDTH * SCALE;
    canvas.height = Math.ceil(page(false)) * SCALE;
    pen.scale(SCALE, SCALE);
    pen.fillStyle = '#fff';
    pen.fillRect(0, 0, WIDTH, canvas.height);
    page(true);
    return canvas;
  };

  var save = function (href) {
    var link = document.createElement('a');
    link.href = href;
    link.download = 'canpay-receipt.png';
    document.body.appendChild(link);
    link.click();
    document.body.removeChild(link);
  };
  var saveImage = function (withQr) {
    var canvas = draw(withQr);
    if (canvas.toBlob && window.URL) {
      canvas.toBlob(function (blob) {
        var url = URL.createObjectURL(blob);
        save(url);
        setTimeout(function () { URL.revokeObjectURL(url); }, 60000);
      });
    } else {
      save(canvas.toDataURL());
    }
  };
  byId('image').addEventListener('click', function () {
    var go = function () {
      // Some browsers let no SVG out of a canvas: then the picture goes without the code; the link is on it in letters.
      try { saveImage(true); } catch (error) { saveImage(false); }
    };
    if (document.fonts && document.fonts.ready) document.fonts.ready.then(go); else go();
  });
})();
