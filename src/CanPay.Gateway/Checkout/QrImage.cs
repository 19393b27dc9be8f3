using System.Drawing;
using System.Text;
using QRCoder;

namespace CanPay.Gateway.Checkout;

/// <summary>A QR code as an address of an image that needs no further request.</summary>
internal static class QrImage
{
    /// <summary>Black on white in dark mode, too: many phones read no other. One unit a module; the page says how large.</summary>
    public static string DataUri(string text)
    {
        using var data = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M);
        using var code = new SvgQRCode(data);
        var side = data.ModuleMatrix.Count;
        var svg = code.GetGraphic(new Size(side, side), "#000", "#fff", drawQuietZones: true, SvgQRCode.SizingMode.WidthHeightAttribute);
        return "data:image/svg+xml;base64," + Convert.ToBase64String(Encoding.UTF8.GetBytes(svg));
    }
}
