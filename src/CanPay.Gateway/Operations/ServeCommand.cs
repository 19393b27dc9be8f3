using System.CommandLine;

namespace CanPay.Gateway.Operations;

/// <summary><c>canpay serve</c></summary>
internal static class ServeCommand
{
    public static Command Make()
    {
        var roles = new Option<string>("--roles")
        {
            Description = "What this node does: any of api, checkout, jobs, separated by commas. Default: all.",
            DefaultValueFactory = _ => "api,checkout,jobs",
        };
        var command = new Command("serve", "Serve merchants and payers until stopped. Example: canpay serve --Payments:VerifyWindowSeconds=600")
        {
            roles,
        };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(async (parsed, ct) =>
        {
            await using var app = GatewayHost.Build([.. parsed.UnmatchedTokens], Read(parsed.GetValue(roles)!));
            await GatewayHost.Start(app, ct);
            Console.WriteLine($"canpay: listening on {string.Join(", ", app.Urls)}");
            await app.WaitForShutdownAsync(ct);
            return CommandLine.Done;
        });
        return command;
    }

    private static Roles Read(string list)
    {
        var roles = Roles.None;
        foreach (var name in list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            roles |= name.ToLowerInvariant() switch
            {
                "api" => Roles.Api,
                "checkout" => Roles.Checkout,
                "jobs" => Roles.Jobs,
                _ => throw new Kernel.StartException($"--roles knows api, checkout and jobs, not '{name}'."),
            };
        }

        return roles;
    }
}
