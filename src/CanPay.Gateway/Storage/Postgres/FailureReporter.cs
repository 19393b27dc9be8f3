using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace CanPay.Gateway.Storage.Postgres;

/// <summary>What EF Core meets on a connection, the hot path's connections learn from, too.</summary>
internal sealed class FailureReporter(PostgresDatabase database) : DbCommandInterceptor
{
    public override void CommandFailed(DbCommand command, CommandErrorEventData eventData) => Report(eventData.Exception);

    public override Task CommandFailedAsync(DbCommand command, CommandErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        Report(eventData.Exception);
        return Task.CompletedTask;
    }

    private void Report(Exception e)
    {
        if (PostgresDatabase.IsOfNoUse(e))
        {
            database.Failed(e);
        }
    }
}
