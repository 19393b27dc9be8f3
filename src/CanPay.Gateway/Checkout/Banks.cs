using System.Collections.Frozen;

namespace CanPay.Gateway.Checkout;

/// <summary>Names of banks by the first six digits of their cards. A card of an unknown bank is a card all the same.</summary>
internal static class Banks
{
    private const int BinLength = 6;

    private static readonly FrozenDictionary<string, string> ByBin = (
        "603799,170019:ملی|589210,627381,639370,639599,636949,505801:سپه|627961:صنعت و معدن|603770,639217:کشاورزی|628023:مسکن|"
        + "627760:پست بانک|502908:توسعه تعاون|627412:اقتصاد نوین|622106,627884,639194:پارسیان|502229,639347:پاسارگاد|"
        + "627488,502910:کارآفرین|621986:سامان|639346:سینا|639607:سرمایه|502806,504706:شهر|502938:دی|603769,903769:صادرات|"
        + "610433,991975:ملت|585983,627353:تجارت|589463:رفاه|636214:آینده|627648,207177:توسعه صادرات|505785:ایران زمین|"
        + "505416,505426:گردشگری|504172:رسالت|606373:مهر ایران|585947,588947:خاورمیانه|606256:ملل|628157:توسعه|507677:نور|"
        + "636795,636797:مرکزی|581874:ایران و ونزوئلا")
        .Split('|').Select(bank => bank.Split(':'))
        .SelectMany(bank => bank[0].Split(',').Select(bin => (Bin: bin, Name: bank[1])))
        .ToFrozenDictionary(bank => bank.Bin, bank => bank.Name, StringComparer.Ordinal);

    /// <param name="mask">Begins with the first six digits, in groups.</param>
    public static string NameOf(string mask) =>
        new string([.. mask.Where(char.IsAsciiDigit).Take(BinLength)]) is { Length: BinLength } bin && ByBin.TryGetValue(bin, out var name)
            ? "بانک " + name
            : "کارت بانکی";
}
