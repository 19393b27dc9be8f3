using System.Runtime.CompilerServices;
using CanPay.Gateway.Kernel;

namespace CanPay.Gateway.Storage.Sqlite;

/// <summary>SQL with its values: each hole of the interpolated string becomes a parameter, so that nothing can be injected.</summary>
[InterpolatedStringHandler]
internal readonly ref struct SqlText
{
    private readonly SqliteSession _session;

    public SqlText(int literalLength, int formattedCount, SqliteSession session)
    {
        _ = literalLength + formattedCount;
        _session = session;
        session.BeginText();
    }

    public void AppendLiteral(string sql) => _session.AppendText(sql);

    public void AppendFormatted(SqlLiteral sql) => _session.AppendText(sql.Text);

    public void AppendFormatted(string? value) => _session.AppendValue(value);

    public void AppendFormatted(byte[]? value) => _session.AppendValue(value);

    public void AppendFormatted(long value) => _session.AppendValue(value);

    public void AppendFormatted(long? value) => _session.AppendValue(value);

    public void AppendFormatted(bool value) => _session.AppendValue(value ? 1L : 0L);

    public void AppendFormatted(Rials value) => _session.AppendValue(value.Amount);

    public void AppendFormatted(MerchantId value) => _session.AppendValue(value.Value);

    public void AppendFormatted(PaymentId value) => _session.AppendValue(value.Value);

    public void AppendFormatted(PaymentId? value) => _session.AppendValue(value?.Value);

    public void AppendFormatted(DateTimeOffset value) => _session.AppendValue(value.ToUnixTimeMilliseconds());

    public void AppendFormatted(DateTimeOffset? value) => _session.AppendValue(value?.ToUnixTimeMilliseconds());

    /// <summary>Enums are stored by name.</summary>
    public void AppendFormatted<TEnum>(TEnum value)
        where TEnum : struct, Enum => _session.AppendValue(value.ToString());

    public void AppendFormatted<TEnum>(TEnum? value)
        where TEnum : struct, Enum => _session.AppendValue(value?.ToString());
}
