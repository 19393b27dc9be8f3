namespace CanPay.Gateway.Guide.Description;

/// <summary>All calls of the merchants' API in the order of the guide. The guide's tables and openapi.json are made of this.</summary>
internal static partial class Calls
{
    public const string SandboxMerchant = "111-222-333-444";

    private static readonly Field Merchant = new("merchant", Kind.Text, "کد پذیرندگی شما.", "Your merchant code.") { Required = true, MaxLength = 64 };

    private static readonly Field PaymentToken = new(
        "token", Kind.Text, "توکنی که token داد.", "The token that the call token gave.")
    { Required = true, Pattern = Shapes.Token };

    private static readonly Field Limit = new("limit", Kind.Whole, "شمار پرداخت‌های هر صفحه.", "Payments on a page.") { Min = 1, Max = 100, Default = "25" };

    private static readonly Field Cursor = new(
        "cursor", Kind.Text, "next_cursor پاسخ پیشین، برای صفحهٔ بعد.", "The next_cursor of the answer before, for the next page.");

    public static IReadOnlyList<Operation> All { get; } =
    [
        Token, Verify, Inquiry, Unverified, Transactions, Reverse, Refund, RefundStatus, Ping, Advance,
    ];

    public static Operation At(string path) => All.First(operation => operation.Path == path);
}
