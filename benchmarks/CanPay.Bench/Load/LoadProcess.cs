using System.Diagnostics;

namespace CanPay.Bench;

/// <summary>
/// The load, in a process of its own that lives as long as the bench: its code is compiled once, and its connections and
/// its CPU time are apart from everything else.
/// </summary>
internal sealed class LoadProcess
{
    private const string Begun = "begun";

    private readonly Process _process;

    public LoadProcess(Machine machine)
    {
        _process = machine.StartPiped(Environment.ProcessPath!, ["load"]);
    }

    /// <summary>Runs an order to its end.</summary>
    /// <param name="order">What to do.</param>
    /// <param name="begun">Called when the ramp is over and the measurement begins.</param>
    /// <param name="ended">Called when the measurement is over, while the last payments still finish.</param>
    public LoadResult Run(LoadOrder order, Action? begun = null, Action? ended = null)
    {
        _process.StandardInput.WriteLine(order.ToJson());
        _process.StandardInput.Flush();
        Expect(Begun);
        begun?.Invoke();
        Expect("ended");
        ended?.Invoke();
        return LoadResult.FromJson(Read());
    }

    /// <summary>The other side: takes orders until there are no more.</summary>
    public static async Task Serve(TextReader orders, TextWriter answers)
    {
        await using var cards = new CardSteps();
        while (await orders.ReadLineAsync() is { } line)
        {
            var order = LoadOrder.FromJson(line);
            var generator = new LoadGenerator(order, order.Postgres is { } database ? await cards.On(database) : null);
            var result = await generator.Run(() => Say(Begun), () => Say("ended"));
            Say(result.ToJson());
        }

        void Say(string text)
        {
            answers.WriteLine(text);
            answers.Flush();
        }
    }

    private void Expect(string word)
    {
        if (Read() is var line && line != word)
        {
            throw new InvalidOperationException($"The load process said '{line}'.");
        }
    }

    private string Read() => _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The load process has ended.");
}
