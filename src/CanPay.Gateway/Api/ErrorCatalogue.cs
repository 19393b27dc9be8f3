using System.Globalization;
using System.Reflection;
using System.Text;
using CanPay.Gateway.Http;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Payments;
using CanPay.Gateway.Refunds;

namespace CanPay.Gateway.Api;

/// <summary>All refusals of the program, by code. Published as <c>docs/errors.md</c>, which a test holds to this.</summary>
public static class ErrorCatalogue
{
    public static IReadOnlyList<Refusal> All { get; } =
        [.. Of(typeof(HttpRefusals)).Concat(Of(typeof(PaymentRefusals))).Concat(Of(typeof(RefundRefusals))).OrderBy(refusal => refusal.Code)];

    /// <summary>The catalogue as a page for merchants' programmers.</summary>
    public static string Markdown()
    {
        var page = new StringBuilder(
            """
            # Errors

            Every error of the merchants' API has the five keys `status` (false), `error` (the name), `code` (the number), `message`
            and `description`. Names and numbers are stable; texts are Persian, or English with `Accept-Language: en`.
            In the descriptions `{…}` stands for a value of the request or of the merchant's record.

            What is not HTTP at all has no envelope: a broken request line, headers over 32 KiB or a request that never ends is
            answered by the server itself with 400, 431 or 408, an empty body and a closed connection.

            | code | error | HTTP | message | what to do | پیام |
            |---|---|---|---|---|---|

            """);
        foreach (var refusal in All)
        {
            page.Append(CultureInfo.InvariantCulture, $"| {refusal.Code} | `{refusal.Name}` | {refusal.HttpStatus} ")
                .Append(CultureInfo.InvariantCulture, $"| {refusal.Message.English} | {refusal.Description.English} ")
                .Append(CultureInfo.InvariantCulture, $"| {refusal.Message.Persian} {refusal.Description.Persian} |\n");
        }

        return page.ToString();
    }

    private static IEnumerable<Refusal> Of(Type type) => type
        .GetProperties(BindingFlags.Public | BindingFlags.Static)
        .Where(property => property.PropertyType == typeof(Refusal))
        .Select(property => (Refusal)property.GetValue(null)!);
}
