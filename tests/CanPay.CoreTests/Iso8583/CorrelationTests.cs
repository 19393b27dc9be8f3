using CanPay.Iso8583;

namespace CanPay.Tests.Iso8583;

/// <summary>Which answer belongs to which request, and what is said of one that belongs to none.</summary>
public sealed class CorrelationTests
{
    private static readonly EchoedFields Purchase = EchoedFields.Of(SomePurchase.Request());

    [Fact]
    public void An_answer_has_the_key_of_its_request()
    {
        Assert.True(CorrelationKey.TryOfRequest(SomePurchase.Request(), out var request));
        Assert.True(CorrelationKey.TryOfAnswer(SomePurchase.Answer(), out var answer));

        Assert.Equal(request, answer);
        Assert.Equal(request.GetHashCode(), answer.GetHashCode());
        Assert.Equal(new CorrelationKey(1200, 1, 261124143600, 0x3030303030303031), request);
    }

    [Theory]
    [InlineData(11, "000002")]
    [InlineData(12, "261124143601")]
    [InlineData(41, "00000002")]
    [InlineData(41, "1")]
    public void Another_trace_number_time_or_terminal_is_another_request(int field, string value)
    {
        var answer = SomePurchase.Answer();
        answer.Set(field, value);

        Assert.True(CorrelationKey.TryOfRequest(SomePurchase.Request(), out var request));
        Assert.True(CorrelationKey.TryOfAnswer(answer, out var key));
        Assert.NotEqual(request, key);
    }

    [Fact]
    public void Another_type_is_another_request()
    {
        var answer = SomePurchase.Answer();
        answer.Mti = Mti.ReversalAdviceResponse;

        Assert.True(CorrelationKey.TryOfAnswer(answer, out var key));
        Assert.Equal(Mti.ReversalAdvice, key.RequestMti);
    }

    /// <summary>Whoever looks for a fault meets requests in the order in which another met them.</summary>
    [Fact]
    public void The_hash_of_a_key_depends_on_each_of_its_numbers_and_on_nothing_else()
    {
        var key = new CorrelationKey(1200, 1, 2, 3);

        Assert.Equal(unchecked((1 * 31) ^ (2 * 127) ^ 1200), key.GetHashCode());
        Assert.Equal(unchecked((int)((5L * 31) ^ (261124143600L * 127) ^ 1420)), new CorrelationKey(1420, 5, 261124143600, 3).GetHashCode());
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void Without_trace_number_or_time_there_is_no_key(int field)
    {
        var message = SomePurchase.Request();
        message.Remove(field);

        Assert.False(CorrelationKey.TryOfRequest(message, out _));
    }

    [Fact]
    public void Without_a_terminal_the_key_has_none()
    {
        var message = SomePurchase.Request();
        message.Remove(41);

        Assert.True(CorrelationKey.TryOfRequest(message, out var key));
        Assert.Equal(0UL, key.Terminal);
    }

    [Theory]
    [InlineData(37, "632814000002")]
    [InlineData(4, "000000010001")]
    [InlineData(49, "840")]
    [InlineData(37, null)]
    [InlineData(4, null)]
    [InlineData(49, null)]
    public void An_answer_about_another_reference_amount_or_currency_is_not_the_purchases(int field, string? value)
    {
        var answer = SomePurchase.Answer();
        Assert.True(Purchase.AreIn(answer));
        Change(answer, field, value);

        Assert.False(Purchase.AreIn(answer));
    }

    [Theory]
    [InlineData(37)]
    [InlineData(4)]
    [InlineData(49)]
    public void What_the_request_has_not_the_answer_need_not_repeat(int field)
    {
        var request = SomePurchase.Request();
        request.Remove(field);

        Assert.True(EchoedFields.Of(request).AreIn(SomePurchase.Answer()));
    }

    [Fact]
    public void Every_character_of_a_reference_counts()
    {
        var answer = SomePurchase.Answer();
        for (var at = 0; at < 12; at++)
        {
            var other = SomePurchase.Request().GetText(37)!.ToCharArray();
            other[at]++;
            answer.Set(37, other);

            Assert.False(Purchase.AreIn(answer), $"character {at}");
        }
    }

    [Fact]
    public void An_answer_that_nobody_waits_for_is_late_a_duplicate_or_foreign()
    {
        var over = new RecentKeys(2);
        over.Add(Key(1), Purchase, answered: false);
        over.Add(Key(2), Purchase, answered: true);
        var other = SomePurchase.Answer();
        other.Set(37, "632814000002");

        Assert.Equal(LineEventKind.LateAnswer, over.Judge(Key(1), SomePurchase.Answer()));
        Assert.Equal(LineEventKind.DuplicateAnswer, over.Judge(Key(2), SomePurchase.Answer()));
        Assert.Equal(LineEventKind.ForeignAnswer, over.Judge(Key(3), SomePurchase.Answer()));
        Assert.Equal(LineEventKind.ForeignAnswer, over.Judge(Key(1), other));
    }

    [Fact]
    public void The_oldest_is_forgotten_when_there_are_too_many_and_none_before()
    {
        var over = new RecentKeys(2);
        over.Add(Key(1), Purchase, answered: false);
        over.Add(Key(2), Purchase, answered: false);
        over.Add(Key(2), Purchase, answered: true);
        over.Add(Key(2), Purchase, answered: true);
        Assert.Equal(LineEventKind.LateAnswer, over.Judge(Key(1), SomePurchase.Answer()));
        Assert.Equal(LineEventKind.DuplicateAnswer, over.Judge(Key(2), SomePurchase.Answer()));

        over.Add(Key(3), Purchase, answered: false);

        Assert.Equal(LineEventKind.ForeignAnswer, over.Judge(Key(1), SomePurchase.Answer()));
        Assert.Equal(LineEventKind.DuplicateAnswer, over.Judge(Key(2), SomePurchase.Answer()));
        Assert.Equal(LineEventKind.LateAnswer, over.Judge(Key(3), SomePurchase.Answer()));
    }

    private static CorrelationKey Key(long stan) => new(Mti.FinancialRequest, stan, 261124143600, 1);

    private static void Change(IsoMessage message, int field, string? value)
    {
        message.Remove(field);
        if (value is not null)
        {
            message.Set(field, value);
        }
    }
}
