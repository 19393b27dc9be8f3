using System.Diagnostics;
using CanPay.Faults.Books;

namespace CanPay.Faults.Trials;

/// <summary>Carries trials out, and judges by the three books what came of them.</summary>
internal sealed class Referee(Tally tally, CancellationToken stop)
{
    /// <summary>Control cuts after which one that has not lost anything never will.</summary>
    private const int ControlCuts = 5;

    private const int OpeningTries = 3;

    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(60);

    /// <summary>All of these in one town; after each everything is made whole, has ended, and was compared.</summary>
    public async Task Run(Lane lane, IReadOnlyList<Trial> trials)
    {
        if (await Open(lane, trials[0]) is not { } stage)
        {
            return;
        }

        await using (stage)
        {
            var before = new Figures(0, 0);
            foreach (var trial in trials.TakeWhile(_ => !stop.IsCancellationRequested))
            {
                var begun = Stopwatch.GetTimestamp();
                var violations = await Try(stage, trial);
                var after = Figures.Of(stage.Town.Merchant.Read());
                tally.Add(new Outcome(
                    DateTimeOffset.UtcNow, lane.Name, trial.Name, trial.Blow, trial.Blows, after.Payments - before.Payments,
                    after.Verified - before.Verified, Stopwatch.GetElapsedTime(begun).TotalSeconds, violations));
                before = after;
                if (violations.Count > 0)
                {
                    return; // these books are of no more use
                }
            }

            await Close(lane, stage);
        }
    }

    /// <returns>Nothing where it cannot be opened, which is told.</returns>
    private async Task<Stage?> Open(Lane lane, Trial first)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await lane.Open();
            }
            catch (TimeoutException e) when (tries < OpeningTries)
            {
                Console.WriteLine($"{lane.Name}: {e.Message} The machine has too much to do; it is tried again.");
            }
            catch (Exception e) when (IsFailure(e))
            {
                tally.Add(new Outcome(DateTimeOffset.UtcNow, lane.Name, "opening", first.Blow, 0, 0, 0, 0, [e.Message]));
                return null;
            }
        }
    }

    /// <summary>Cuts until something acknowledged is lost, as it must be.</summary>
    public async Task Run(Control control)
    {
        var begun = Stopwatch.GetTimestamp();
        var loss = new Loss(0, 0, IsBroken: false);
        var figures = new Figures(0, 0);
        List<string> violations = [];
        try
        {
            await using var stage = await control.Open();
            while (loss.Payments == 0 && loss.Cuts < ControlCuts && !stop.IsCancellationRequested)
            {
                stage.Town.Load.Begin();
                await MoreVerified(stage, 10);
                loss = await LossByCut(control, stage, loss.Cuts + 1);
                figures = Figures.Of(stage.Town.Merchant.Read());
            }

            if (loss.Payments == 0)
            {
                violations.Add($"nothing was lost in {loss.Cuts} cuts: this program would not see a loss");
            }
        }
        catch (Exception e) when (IsFailure(e))
        {
            violations.Add(e.Message);
        }

        Console.WriteLine($"{control.Name}: {loss.Payments} of {figures.Verified} acknowledged payments were lost in {loss.Cuts} cuts"
            + (loss.IsBroken ? "; the database could not even be opened." : "."));
        tally.Add(new Outcome(
            DateTimeOffset.UtcNow, control.Name, "control", Blow.Cut, Blows: 0, figures.Payments, figures.Verified,
            Stopwatch.GetElapsedTime(begun).TotalSeconds, violations));
    }

    private static async Task<IReadOnlyList<string>> Try(Stage stage, Trial trial)
    {
        var town = stage.Town;
        try
        {
            town.Load.Begin();
            await MoreVerified(stage, 3);
            await trial.Strike(stage);
            await MoreVerified(stage, 2);
            await SomethingOfAll(stage);
            await town.Load.End();
            await town.UntilAllIsFinal();
            List<string> found = [.. (await town.Books()).Differences(), .. await town.Doctor()];
            return found.Count > 0 && stage.CutAt is { } cut ? [.. found, $"the power was cut at {cut:HH:mm:ss.fff}"] : found;
        }
        catch (Exception e) when (IsFailure(e))
        {
            await town.Load.Abandon();
            return [e.Message];
        }
    }

    /// <summary>The operators' own command, and the proof that the comparison would have seen something.</summary>
    private async Task Close(Lane lane, Stage stage)
    {
        List<string> violations = [];
        try
        {
            if (await stage.Town.DoctorCommand() is { } said)
            {
                violations.Add(said);
            }

            var (count, missed) = Tampering.Try(await stage.Town.Books());
            Console.WriteLine($"{lane.Name}: of {count} falsifications of the books {count - missed.Count} were seen.");
            violations.AddRange(missed.Select(name => "falsified and not seen: " + name));
        }
        catch (Exception e) when (IsFailure(e))
        {
            violations.Add(e.Message);
        }

        if (violations.Count > 0)
        {
            tally.Add(new Outcome(DateTimeOffset.UtcNow, lane.Name, "closing", lane.Trials[0].Blow, 0, 0, 0, 0, violations));
        }
    }

    private static async Task<Loss> LossByCut(Control control, Stage stage, int cut)
    {
        try
        {
            await control.Cut(stage);
            await stage.Town.Load.End();
            return new Loss(cut, (await stage.Town.Books()).Lost(), IsBroken: false);
        }
        catch (Exception e) when (IsFailure(e))
        {
            // Not even its files are whole: everything is lost.
            await stage.Town.Load.Abandon();
            return new Loss(cut, stage.Town.Merchant.Verified, IsBroken: true);
        }
    }

    /// <summary>Merchants are told again that payments are theirs.</summary>
    /// <exception cref="TimeoutException">Not within a minute.</exception>
    private static async Task MoreVerified(Stage stage, int more)
    {
        var enough = stage.Town.Merchant.Verified + more;
        for (var begun = Stopwatch.GetTimestamp(); stage.Town.Merchant.Verified < enough; await Task.Delay(20))
        {
            if (Stopwatch.GetElapsedTime(begun) > Recovery)
            {
                throw new TimeoutException($"for {Recovery.TotalSeconds} s no payment came through");
            }
        }
    }

    /// <summary>The books hold a payment of each kind, so that each can be falsified.</summary>
    private static async Task SomethingOfAll(Stage stage)
    {
        for (var begun = Stopwatch.GetTimestamp(); !stage.Town.Merchant.HasAll(News.Verified, News.Reversed, News.Refunded); await Task.Delay(20))
        {
            if (Stopwatch.GetElapsedTime(begun) > Recovery)
            {
                throw new TimeoutException($"for {Recovery.TotalSeconds} s no payment was reversed or refunded");
            }
        }
    }

    private static bool IsFailure(Exception e) => e is InvalidOperationException or TimeoutException or IOException or HttpRequestException
        or OperationCanceledException or System.Data.Common.DbException or Gateway.Kernel.StartException;

    private readonly record struct Loss(int Cuts, int Payments, bool IsBroken);

    private readonly record struct Figures(int Payments, int Verified)
    {
        public static Figures Of(IReadOnlyList<Told> told) =>
            new(told.Count(one => one.News is News.Token), told.Count(one => one.News is News.Verified));
    }
}
