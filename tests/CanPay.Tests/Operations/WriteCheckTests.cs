using CanPay.Gateway.Operations;
using CanPay.Gateway.Payments;
using Microsoft.Extensions.Time.Testing;

namespace CanPay.Tests.Operations;

/// <summary>However many ask for a node's health, its database is asked a few times a second.</summary>
public sealed class WriteCheckTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly WriteCheck _check;
    private TaskCompletionSource _write = new();
    private int _writes;

    public WriteCheckTests() => _check = new WriteCheck(
        () =>
        {
            _writes++;
            return _write.Task;
        },
        _clock);

    [Fact]
    public async Task All_who_ask_during_a_write_and_shortly_after_it_are_told_of_the_same()
    {
        var asked = Enumerable.Range(0, 100).Select(_ => _check.Succeed(CancellationToken.None)).ToList();
        _clock.Advance(TimeSpan.FromSeconds(5));
        asked.Add(_check.Succeed(CancellationToken.None));
        _write.SetResult();
        await Task.WhenAll(asked);
        _clock.Advance(WriteCheck.Fresh);
        await _check.Succeed(CancellationToken.None);

        Assert.Equal(1, _writes);
    }

    [Fact]
    public async Task What_failed_is_tried_again_when_the_answer_is_old()
    {
        _write.SetException(new StoreUnavailableException("away"));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _check.Succeed(CancellationToken.None));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _check.Succeed(CancellationToken.None));
        Assert.Equal(1, _writes);

        _write = new TaskCompletionSource();
        _write.SetResult();
        _clock.Advance(WriteCheck.Fresh + TimeSpan.FromMilliseconds(1));
        await _check.Succeed(CancellationToken.None);

        Assert.Equal(2, _writes);
    }

    [Fact]
    public async Task Who_goes_away_does_not_end_the_write_of_the_others()
    {
        using var impatient = new CancellationTokenSource();
        var gone = _check.Succeed(impatient.Token);
        var patient = _check.Succeed(CancellationToken.None);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);

        _write.SetResult();
        await patient;
    }
}
