using CanPay.Gateway.Acquiring;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Payments;
using CanPay.Tests.Payments;

namespace CanPay.Tests.Storage;

/// <summary>Books with payments of any age and end, written by the store.</summary>
internal sealed class RetentionBooks
{
    /// <summary>The present of these books; long before the machine's.</summary>
    public static readonly DateTimeOffset Now = new(2020, 6, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly PaymentClocks Clocks = SomePayment.Clocks with { MaxDeclines = 1 };

    private readonly StoreEngine _engine;
    private int _count;

    public RetentionBooks(StoreEngine engine)
    {
        _engine = engine;
        engine.SetNow(Now);
        if (engine is PostgresStoreEngine)
        {
            // Each connection keeps some ids in stock; here payments stand in the order in which they were made.
            engine.Execute("ALTER TABLE payments ALTER COLUMN id SET CACHE 1");
        }

        engine.Execute(
            """
            INSERT INTO merchants (id, code, name, status, addresses, domains, min_amount_rials, max_amount_rials, referrer_policy,
                callback_method, allow_http_callback, terminal_id, acceptor_id, category_code, created_at_ms, version)
            VALUES (1, 'm', 'فروشگاه', 'Active', '', 'site.com', 1000, 2000000000, 'Explain', 'Post', FALSE,
                '00000001', '000000000000001', '5999', 0, 1)
            """);
    }

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>A payment that came to this status at that time, with two messages of the line where it was asked anything.</summary>
    /// <param name="mobile">And other texts that a merchant or payer gives.</param>
    public async Task<Payment> Add(PaymentStatus goal, DateTimeOffset at, string? mobile = null, ReversalCause cause = ReversalCause.NotVerified)
    {
        var number = Interlocked.Increment(ref _count);
        var created = new NewPayment(
            new MerchantId(1), PaymentToken.New(at), mobile is null ? $"فاکتور {number}" : $"{number}", new Rials(10_000 + number),
            new Uri("https://site.com/verify?x=سلام"), mobile, at, at + Clocks.PageLifetime,
            new StoredAnswer($"key-{number}", "hash", "{\"نام\":\"ی\"}", at));
        Assert.IsType<CreateResult.Created>(await _engine.Store.Create(created, Ct));
        var payment = (await _engine.Store.Find(created.Token, Ct))!;
        switch (goal)
        {
            case PaymentStatus.Created:
                return payment;
            case PaymentStatus.Cancelled:
                return await Move(payment, payment.Cancel("b", at), at);
            case PaymentStatus.Expired:
                return await Move(payment, payment.Expire(payment.PageExpiresAt), payment.PageExpiresAt);
        }

        var authorization = SomePayment.AnAuthorization(payment) with { Stan = $"{number:000000}", TransmittedAt = at };
        payment = await Move(payment, payment.BeginAuthorization(authorization, "b", Clocks, at), at, authorization);
        if (goal is PaymentStatus.Authorizing)
        {
            return payment;
        }

        var outcome = goal is PaymentStatus.Failed ? SomePayment.Decline
            : goal is PaymentStatus.Reversing || cause is ReversalCause.OutcomeUnknown ? SomePayment.Silence : SomePayment.Approval;
        authorization = authorization.With(outcome);
        payment = await Move(payment, payment.CompleteAuthorization(outcome, Clocks, at), at, authorization);
        if (goal is PaymentStatus.Verified)
        {
            payment = await Move(payment, payment.Verify(at), at);
        }
        else if (goal is PaymentStatus.Reversed)
        {
            var later = at + Clocks.VerifyWindow;
            payment = payment.Status is PaymentStatus.Authorized ? await Move(payment, payment.ReturnUnverified(later), later) : payment;
            payment = await Move(payment, payment.ConfirmReversal(later), later, authorization with { Status = AuthorizationStatus.Reversed });
        }

        return payment;
    }

    public Task AddMessage(PaymentId? payment, DateTimeOffset at) =>
        _engine.Acquiring.Record([new NetworkMessage(at, "late", "1210", null, null, null, payment, "دیر رسید")], Ct);

    private async Task<Payment> Move(Payment before, Result<Payment> move, DateTimeOffset at, Authorization? authorization = null)
    {
        var after = SomePayment.Taken(move);
        NetworkMessage[] messages = authorization is null
            ? []
            : [new NetworkMessage(at, "sent", "1200", authorization.Stan, authorization.Rrn, null, before.Id, "1200"),
               new NetworkMessage(at, "received", "1210", authorization.Stan, authorization.Rrn, 0, before.Id, null)];
        Assert.Equal(ApplyResult.Applied, await _engine.Store.Apply(
            new PaymentChange(before, after, "test", at) { Authorization = authorization, Messages = messages }));
        return after;
    }
}
