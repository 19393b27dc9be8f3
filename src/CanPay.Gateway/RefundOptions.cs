using System.ComponentModel.DataAnnotations;

namespace CanPay.Gateway;

/// <summary>Section <c>Refunds</c>.</summary>
public sealed class RefundOptions
{
    public const string Section = "Refunds";

    /// <summary>
    /// Days for which the sealed card of a verified payment is kept, where its merchant refunds to cards. After them a refund goes
    /// by bank.
    /// </summary>
    /// <value>Default 30.</value>
    [Range(1, 365)]
    public int CardDays { get; set; } = 30;
}
