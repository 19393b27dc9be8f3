using CanPay.Gateway.Acquiring;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Payments;

namespace CanPay.Tests.Payments;

/// <summary>Payments and authorizations for tests, in any status and at fixed times.</summary>
internal static class SomePayment
{
    public const string Browser = "b1";

    public static readonly DateTimeOffset Start = new(2026, 11, 24, 9, 0, 0, TimeSpan.Zero);

    public static readonly PaymentClocks Clocks = new(
        PageLifetime: TimeSpan.FromMinutes(15),
        VerifyWindow: TimeSpan.FromMinutes(15),
        ResolveAfter: TimeSpan.FromSeconds(40),
        MaxDeclines: 5);

    /// <summary>After the page's time is over and after any verify deadline.</summary>
    public static DateTimeOffset Later => Start.AddHours(1);

    public static Payment InStatus(PaymentStatus status)
    {
        var created = new Payment(
            new PaymentId(1), new MerchantId(1), new string('T', 30), "47", new Rials(10_000), new Uri("https://site.com/verify"),
            null, Start, Start + Clocks.PageLifetime)
        {
            DueAt = Start + Clocks.PageLifetime,
        };
        var authorizing = Taken(created.BeginAuthorization(AnAuthorization(created), Browser, Clocks, Start));
        var authorized = Taken(authorizing.CompleteAuthorization(Approval, Clocks, Start));
        var reversing = Taken(authorizing.CompleteAuthorization(Silence, Clocks, Start));
        return status switch
        {
            PaymentStatus.Created => created,
            PaymentStatus.Authorizing => authorizing,
            PaymentStatus.Authorized => authorized,
            PaymentStatus.Verified => Taken(authorized.Verify(Start)),
            PaymentStatus.Reversing => reversing,
            PaymentStatus.Reversed => Taken(reversing.ConfirmReversal(Start)),
            PaymentStatus.Cancelled => Taken(created.Cancel(Browser, Start)),
            PaymentStatus.Failed => Taken((authorizing with { Declines = Clocks.MaxDeclines - 1 })
                .CompleteAuthorization(Decline, Clocks, Start)),
            PaymentStatus.Expired => Taken(created.Expire(Later)),
        };
    }

    public static AuthorizationOutcome Approval { get; } = new AuthorizationOutcome.Approved(0, "123456");

    public static AuthorizationOutcome Decline { get; } = new AuthorizationOutcome.Declined(116);

    public static AuthorizationOutcome Silence { get; } = new AuthorizationOutcome.Unknown("no answer");

    public static AuthorizationOutcome NotSent { get; } = new AuthorizationOutcome.NotSent("signed off");

    public static Authorization AnAuthorization(Payment payment) => new(
        payment.Id,
        payment.Authorizations + 1,
        "000001",
        $"63280{payment.Id.Value:00000}{payment.Authorizations + 1:00}",
        Start,
        new Terminal("00000001", "000000000000001", "5999"),
        payment.Amount,
        "5022-29**-****-7122")
    {
        CardHash = "hash",
        SealedCard = [0, 0, 0, 1, 2, 3],
    };

    public static Payment Taken(Result<Payment> move) => move.Refused(out var refusal, out var payment)
        ? throw new InvalidOperationException(refusal.Name)
        : payment;
}
