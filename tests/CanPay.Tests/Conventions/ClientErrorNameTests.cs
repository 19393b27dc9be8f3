using System.Reflection;
using CanPay.Client;
using CanPay.Gateway.Api;

namespace CanPay.Tests.Conventions;

public sealed class ClientErrorNameTests
{

    private static readonly Dictionary<string, string> Known = typeof(CanPayErrors)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .ToDictionary(field => (string)field.GetRawConstantValue()!, field => field.Name, StringComparer.Ordinal);

    [Fact]
    public void The_client_has_a_name_for_every_refusal() =>
        Assert.Empty(ErrorCatalogue.All.Select(refusal => refusal.Name).Except(Known.Keys, StringComparer.Ordinal));

    [Fact]
    public void A_constant_is_called_as_its_error() => Assert.All(
        Known, pair => Assert.Equal(string.Concat(pair.Key.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..])), pair.Value));
}
