using System.Globalization;

namespace CanPay.Simulator;

/// <summary>Faults on demand over HTTP. Everything here is a POST; the page has buttons for it.</summary>
internal static class SimulatorControl
{
    private const double LongestSeconds = 600;

    public static void Map(WebApplication app)
    {
        var control = app.MapGroup("/control").AddEndpointFilter(RefuseOtherSites);
        control.MapPost("/drop-lines", (HttpRequest request, SwitchServer server) =>
        {
            server.DropLines();
            return Done(request);
        });
        control.MapPost("/sign-off", (HttpRequest request, Faults faults) =>
        {
            faults.IsSignedOff = true;
            return Done(request);
        });
        control.MapPost("/sign-on", (HttpRequest request, Faults faults) =>
        {
            faults.IsSignedOff = false;
            return Done(request);
        });
        control.MapPost("/pause", (HttpRequest request, Faults faults, string? seconds) =>
        {
            if (!TrySeconds(seconds, out var time))
            {
                return WrongSeconds();
            }

            faults.Pause(time);
            return Done(request);
        });
        control.MapPost("/next-answer", PlanAnswer);
        control.MapPost("/next-refund", PlanRefund);
    }

    private static IResult PlanRefund(HttpRequest request, Faults faults, string? decline)
    {
        if (!int.TryParse(decline, NumberStyles.None, CultureInfo.InvariantCulture, out var code) || code is < 100 or > 299)
        {
            return Results.Text("'decline' must be an action code from 100 to 299.", statusCode: 400);
        }

        faults.DeclineNextRefund(code);
        return Done(request);
    }

    private static IResult PlanAnswer(HttpRequest request, Faults faults, string? fault, string? seconds)
    {
        AnswerFault? planned = fault switch
        {
            "late" => AnswerFault.Late,
            "duplicate" => AnswerFault.Duplicate,
            "foreign" => AnswerFault.Foreign,
            "wrong-mac" => AnswerFault.WrongMac,
            "lost" => AnswerFault.Lost,
            _ => null,
        };
        if (planned is not { } known)
        {
            return Results.Text("'fault' must be late, duplicate, foreign, wrong-mac or lost.", statusCode: 400);
        }

        var time = TimeSpan.Zero;
        if (known is AnswerFault.Late && !TrySeconds(seconds, out time))
        {
            return WrongSeconds();
        }

        faults.Plan(known, time);
        return Done(request);
    }

    internal static bool TrySeconds(string? text, out TimeSpan time)
    {
        var isTime = double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            && seconds is >= 0 and <= LongestSeconds;
        time = isTime ? TimeSpan.FromSeconds(seconds) : TimeSpan.Zero;
        return isTime;
    }

    private static IResult WrongSeconds() => Results.Text($"'seconds' must be 0 to {LongestSeconds}.", statusCode: 400);

    /// <summary>People go back to the page, programs get 204.</summary>
    private static IResult Done(HttpRequest request) =>
        request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal) ? Results.Redirect("/") : Results.NoContent();

    /// <summary>A page from elsewhere that happens to be open in the same browser has no business here.</summary>
    private static async ValueTask<object?> RefuseOtherSites(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.HttpContext.Request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" or "none"
            ? await next(context)
            : Results.StatusCode(StatusCodes.Status403Forbidden);
}
