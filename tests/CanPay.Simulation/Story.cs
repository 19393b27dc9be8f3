using System.Text.Json;
using CanPay.Gateway.Acquiring.Direct;
using CanPay.Gateway.Merchants;
using CanPay.Gateway.Payments;

namespace CanPay.Simulation;

/// <summary>One payment from the outside: what its merchant and its payer do, and all that the merchant is told.</summary>
internal sealed partial class Story
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The cards of the sandbox.</summary>
    private static readonly string[] Cards = [
        "5022290000087122", "6037990000000006", "6104330000040009", "6274120000040008", "5894630000070005", "6219860000070004"];

    private readonly World _world;
    private readonly int _number;
    private readonly long _amount;
    private readonly Plan _plan;
    private readonly bool _doesTwice;
    private readonly string? _key;
    private string _token = "";

    public Story(World world, int number)
    {
        _world = world;
        _number = number;
        var chance = world.Chance;
        Merchant = chance.Of(world.Merchants);
        _amount = 1_000L * chance.Number(1, 2_000_000);
        _plan = chance.Is(world.Swarm.DeadlineShare) ? chance.Of([Plan.VerifyAtDeadline, Plan.VerifyAtDeadline, Plan.ReverseAtDeadline])
            : chance.Is(world.Swarm.MerchantHurry) ? Plan.VerifyAtOnce
            : chance.Of([Plan.VerifyAtOnce, Plan.VerifyLater, Plan.VerifyLater, Plan.Never, Plan.Reverse, Plan.VerifyAndReverse]);
        _doesTwice = chance.Is(world.Swarm.DoubleShare);
        _key = chance.Is(0.3) ? $"key-{number}" : null;
    }

    private enum Plan
    {
        VerifyAtOnce,
        VerifyLater,

        /// <summary>Within a hundredth of a second before or after it.</summary>
        VerifyAtDeadline,
        ReverseAtDeadline,
        Reverse,
        VerifyAndReverse,
        Never,
    }

    public Merchant Merchant { get; }

    public string Token => _token;

    public long Amount => _amount;

    /// <summary>The merchant's own book.</summary>
    public List<Told> Told { get; } = [];

    private Chance Chance => _world.Chance;

    public void Begin() => _ = Live().ContinueWith(
        story => _world.Defects.Add($"the story of payment {_number} broke: {story.Exception!.GetBaseException()}"),
        CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    private async Task Live()
    {
        if (await AskForToken() is not { } token)
        {
            return;
        }

        _token = token;
        if (!await Pay())
        {
            return;
        }

        if (Chance.Is(0.1))
        {
            return; // the browser never came back, and the shop never asks
        }

        await Settle();
        if (Chance.Is(0.3) && Told.Any(told => told.What is Answer.Verified))
        {
            await GiveBack();
        }
    }

    private async Task<string?> AskForToken()
    {
        for (var turn = 0; turn < 6; turn++)
        {
            var body = Body(("amount", _amount), ("callback_url", "http://localhost/back"), ("invoice_id", $"{_number}"));
            var key = _key is null ? null : _key + "-token";
            var replies = await AtOnce(() => Ask("token", body, key));
            if (replies.Select(reply => reply.Data("token")).OfType<string>().FirstOrDefault() is { } token)
            {
                return token;
            }

            await Wait(Chance.Seconds(0.5, 10));
        }

        return null;
    }

    /// <returns>Whether it seems to be paid.</returns>
    private async Task<bool> Pay()
    {
        var browser = $"browser-{_number}";
        await Wait(Chance.Is(0.05) ? TimeSpan.FromSeconds(900) + Chance.Ms(-20, 20) : Chance.Seconds(1, 60));
        if (Chance.Is(0.2))
        {
            return false; // as many go away without a word
        }

        for (var card = 0; card < 6; card++)
        {
            // In another tab, perhaps.
            var cancelling = Chance.Is(0.04) ? Cancel(browser) : Task.FromResult(false);
            await AtOnce(() => Submit(browser));
            await cancelling;
            if (await Outcome() is not { } payment)
            {
                return false;
            }

            if (payment.Status is not PaymentStatus.Created)
            {
                return payment.IsPaid;
            }

            await Wait(Chance.Seconds(2, 30));
        }

        return false;
    }

    /// <summary>The payer waits until the page says what became of it.</summary>
    private async Task<Payment?> Outcome()
    {
        for (var look = 0; look < 60; look++)
        {
            await Wait(Chance.Seconds(0.3, 3));
            var payment = await _world.Payments.Find(_token, CancellationToken.None);
            if (payment is null or { Status: not PaymentStatus.Authorizing })
            {
                return payment;
            }
        }

        return null;
    }

    private Task<bool> Submit(string browser) => At(async node =>
    {
        if (await node.Store.FindWithMerchant(_token, CancellationToken.None) is not var (payment, merchant)
            || !Pan.TryParse(Chance.Of(Cards), out var pan))
        {
            return false;
        }

        // The card belongs to the authorization from here on.
        var card = new Card(pan, "0912", "123", "12345");
        var begun = await node.Authorize.Begin(payment, merchant, card, browser, CancellationToken.None);
        _world.Trace.Note(payment.Id.Value, 5_000, $"payer: pays at node {node.Number}: {(begun.Refused(out var no, out _) ? no.Name : "begun")}");
        return true;
    });

    private Task<bool> Cancel(string browser) => At(async node =>
    {
        if (await node.Store.Find(_token, CancellationToken.None) is { } payment)
        {
            var cancelled = await node.Store.Cancel(payment, browser, _world.Timeline.Now);
            _world.Trace.Note(payment.Id.Value, 5_001, $"payer: cancels: {(cancelled.Refused(out var no, out _) ? no.Name : "done")}");
        }

        return true;
    });

    private async Task<List<T>> AtOnce<T>(Func<Task<T>> act)
    {
        List<Task<T>> all = [act()];
        if (_doesTwice)
        {
            all.Add(act());
            if (Chance.Is(0.3))
            {
                all.Add(act());
            }
        }

        return [.. await Task.WhenAll(all)];
    }

    private Task Wait(TimeSpan time)
    {
        var over = new TaskCompletionSource();
        _world.Timeline.After(time, over.SetResult);
        return over.Task;
    }

    /// <summary>Something at a node; nothing comes of it where the node is not there, breaks off, or dies meanwhile.</summary>
    private Task<T?> At<T>(Func<Node, Task<T>> act)
    {
        var over = new TaskCompletionSource<T?>();
        _world.Timeline.After(Patience, () => over.TrySetResult(default));
        if (_world.Any() is { } node)
        {
            _world.Timeline.After(Chance.Ms(0.1, 5), () => node.Life.Deliver(() => _ = Served(node)));
        }

        return over.Task;

        async Task Served(Node node)
        {
            try
            {
                var result = await act(node);
                if (!_world.Faults.Happens(_world.Swarm.ReplyLost))
                {
                    _world.Timeline.After(Chance.Ms(0.1, 5), () => over.TrySetResult(result));
                }
            }
            catch (StoreUnavailableException)
            {
                _world.Timeline.After(Chance.Ms(0.1, 5), () => over.TrySetResult(default));
            }
#pragma warning disable CA1031 // whatever it is, it is a defect
            catch (Exception e)
            {
                _world.Defects.Add($"a caller was given an exception: {e.GetType().Name}: {e.Message}");
            }
#pragma warning restore CA1031
        }
    }

    private async Task<Reply> Ask(string operation, byte[] body, string? key)
    {
        var reply = await At(async node => (await node.Call(operation, Merchant, body, key)).Refused(out var refusal, out var answer)
            ? new Reply(null, refusal.Name)
            : new Reply(answer, null));
        return reply ?? new Reply(null, null);
    }

    private static byte[] Body(params ReadOnlySpan<(string Name, object Value)> fields)
    {
        var members = new Dictionary<string, object>();
        foreach (var (name, value) in fields)
        {
            members.Add(name, value);
        }

        return JsonSerializer.SerializeToUtf8Bytes(members);
    }

    /// <summary>An answer, a refusal, or neither.</summary>
    private sealed record Reply(string? Body, string? Refusal)
    {
        public string? Data(string name)
        {
            if (Body is null)
            {
                return null;
            }

            using var json = JsonDocument.Parse(Body);
            return json.RootElement.GetProperty("data").GetProperty(name).ToString();
        }
    }
}

/// <summary>Something that a merchant's program was told, as it would write it into its own books.</summary>
internal sealed record Told(Answer What, string? Reference, bool IsFirst, string? Key, string Text);

internal enum Answer
{
    Verified,

    /// <summary>Too late: the money goes back.</summary>
    Returned,
    Reversed,

    /// <summary>A reversal was refused, because the payment is verified.</summary>
    AlreadyVerified,
    RefundSucceeded,
    RefundFailed,
}
