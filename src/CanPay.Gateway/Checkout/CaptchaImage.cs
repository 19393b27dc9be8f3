using System.Security.Cryptography;
using SkiaSharp;

namespace CanPay.Gateway.Checkout;

/// <summary>Digits drawn by hand, so to speak: bent, turned and crossed out, never twice the same.</summary>
internal static class CaptchaImage
{
    public const int Width = 220;
    public const int Height = 72;

    private const float DigitHeight = 1.6f; // of the drawings below, which are 1 wide
    private const float Size = 25;
    private const int Strokes = 5;
    private const int Dots = 70;
    private const int Fineness = 10_000;

    private static readonly string[] Drawings =
    [
        "M.5 0 C.9 0 1 .5 1 .8 S.9 1.6 .5 1.6 S0 1.1 0 .8 S.1 0 .5 0 Z",
        "M.15 .4 L.6 0 V1.6",
        "M.05 .4 C.1 .1 .3 0 .5 0 C.8 0 1 .2 1 .45 C1 .8 .5 1.1 0 1.6 H1",
        "M.05 .25 C.2 .05 .4 0 .5 0 C.8 0 .95 .2 .95 .4 S.75 .75 .45 .75 C.8 .75 1 .95 1 1.2 S.8 1.6 .5 1.6 C.3 1.6 .1 1.5 0 1.3",
        "M.75 1.6 V0 L0 1.1 H1",
        "M.9 0 H.15 L.1 .7 C.25 .6 .4 .58 .5 .58 C.8 .58 1 .8 1 1.1 S.8 1.6 .45 1.6 C.3 1.6 .1 1.55 0 1.4",
        "M.85 .1 C.4 0 0 .5 0 1.05 C0 1.4 .2 1.6 .5 1.6 S1 1.4 1 1.1 S.8 .65 .5 .65 S.05 .85 0 1.05",
        "M0 0 H1 L.4 1.6",
        "M.5 .72 C.2 .72 .08 .55 .08 .36 S.25 0 .5 0 S.92 .17 .92 .36 S.8 .72 .5 .72 C.2 .72 0 .9 0 1.18 S.2 1.6 .5 1.6 S1 1.4 1 1.18 S.8 .72 .5 .72 Z",
        "M.15 1.5 C.6 1.6 1 1.1 1 .55 C1 .2 .8 0 .5 0 S0 .2 0 .5 S.2 .95 .5 .95 S.95 .75 1 .55",
    ];

    /// <summary>A PNG as an address that needs no further request.</summary>
    public static string DataUri(string digits)
    {
        using var bitmap = new SKBitmap(Width, Height);
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(new SKColor(0xf4, 0xf6, 0xf9));
        using var pen = new SKPaint { IsAntialias = true, Style = SKPaintStyle.Stroke, StrokeCap = SKStrokeCap.Round, StrokeJoin = SKStrokeJoin.Round };
        var step = (Width - 30f) / digits.Length;
        for (var i = 0; i < digits.Length; i++)
        {
            Draw(canvas, pen, Drawings[digits[i] - '0'], new SKPoint(15 + (step * (i + 0.5f)), Height / 2f));
        }

        CrossOut(canvas, pen);
        using var image = SKImage.FromBitmap(bitmap);
        using var png = image.Encode(SKEncodedImageFormat.Png, 100);
        return "data:image/png;base64," + Convert.ToBase64String(png.AsSpan());
    }

    private static void Draw(SKCanvas canvas, SKPaint pen, string drawing, SKPoint centre)
    {
        using var path = SKPath.ParseSvgPathData(drawing);
        canvas.Save();
        canvas.Translate(centre.X + Some(4), centre.Y + Some(7));
        canvas.RotateDegrees(Some(24));
        canvas.Skew(Some(0.3f), 0);
        canvas.Scale(Size * (1 + Some(0.15f)), Size * (1 + Some(0.15f)));
        canvas.Translate(-0.5f, -DigitHeight / 2);
        pen.Color = Ink(0xff);
        pen.StrokeWidth = (4 + Some(0.8f)) / Size;
        canvas.DrawPath(path, pen);
        canvas.Restore();
    }

    private static void CrossOut(SKCanvas canvas, SKPaint pen)
    {
        for (var i = 0; i < Strokes; i++)
        {
            using var line = new SKPathBuilder();
            line.MoveTo(-5, Anywhere(Height));
            line.CubicTo(Anywhere(Width), Anywhere(Height), Anywhere(Width), Anywhere(Height), Width + 5, Anywhere(Height));
            using var path = line.Detach();
            pen.Color = Ink(0xb0);
            pen.StrokeWidth = 1.6f + Some(0.6f);
            canvas.DrawPath(path, pen);
        }

        for (var i = 0; i < Dots; i++)
        {
            pen.Color = Ink(0xa0);
            pen.StrokeWidth = 2;
            canvas.DrawPoint(Anywhere(Width), Anywhere(Height), pen);
        }
    }

    private static SKColor Ink(byte alpha) => new(Between(20, 90), Between(30, 100), Between(60, 140), alpha);

    private static byte Between(int from, int to) => (byte)RandomNumberGenerator.GetInt32(from, to);

    private static float Some(float most) => Anywhere(2 * most) - most;

    private static float Anywhere(float length) => RandomNumberGenerator.GetInt32(Fineness) * length / Fineness;
}
