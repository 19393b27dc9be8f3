namespace CanPay.Samples.Shop;

/// <summary>Something to buy.</summary>
/// <param name="Picture">Inside of an SVG of 96 by 96.</param>
internal sealed record Product(string Id, string Name, string Text, long PriceRials, string Picture)
{
    public static IReadOnlyList<Product> All { get; } =
    [
        new("tea", "چای لاهیجان", "بستهٔ ۲۵۰ گرمی، برداشت بهاره", 1_850_000,
            """<path d="M22 42h42v16a18 18 0 0 1-18 18h-6a18 18 0 0 1-18-18z" fill="#c4622d"/><path d="M64 46h6a9 9 0 0 1 0 18h-7" fill="none" stroke="#c4622d" stroke-width="5"/><path d="M34 22c-5 6 5 8 0 14m10-14c-5 6 5 8 0 14m10-14c-5 6 5 8 0 14" fill="none" stroke="#e5b48f" stroke-width="3.500" stroke-linecap="round"/><rect x="16" y="78" width="60" height="5" rx="2.500" fill="#7d3d19"/>"""),
        new("saffron", "زعفران قائن", "یک مثقال سرگل، در قوطی خاتم", 12_400_000,
            """<rect x="28" y="30" width="40" height="52" rx="9" fill="#7b2d5b"/><rect x="33" y="18" width="30" height="14" rx="5" fill="#d9a441"/><path d="M48 44c-8 8-8 18 0 26 8-8 8-18 0-26z" fill="#f0c3dc"/><path d="M48 48v20m-4-14 4 6 4-6" stroke="#c0392b" stroke-width="2.500" fill="none" stroke-linecap="round"/>"""),
        new("pistachio", "پستهٔ اکبری", "نیم کیلو، برشته با نمک و لیمو", 7_900_000,
            """<ellipse cx="36" cy="54" rx="17" ry="23" fill="#d8c39a"/><ellipse cx="39" cy="54" rx="8" ry="18" fill="#7fa650"/><ellipse cx="62" cy="58" rx="15" ry="20" fill="#c9b183"/><ellipse cx="65" cy="58" rx="7" ry="15" fill="#93b862"/>"""),
        new("book", "دیوان حافظ", "چاپ نفیس، جلد گالینگور", 4_350_000,
            """<rect x="22" y="16" width="52" height="64" rx="6" fill="#14665f"/><rect x="30" y="24" width="36" height="48" rx="3" fill="none" stroke="#e7c66b" stroke-width="2.500"/><path d="M48 34c8 5 8 13 0 18-8-5-8-13 0-18z" fill="#e7c66b"/><path d="M38 62h20" stroke="#e7c66b" stroke-width="2.500" stroke-linecap="round"/>"""),
        new("carpet", "گلیم دستباف", "۱۰۰ در ۱۵۰ سانتی‌متر، پشم طبیعی", 38_000_000,
            """<rect x="18" y="20" width="60" height="56" rx="3" fill="#a3293d"/><rect x="24" y="26" width="48" height="44" fill="none" stroke="#f1d9a7" stroke-width="2"/><path d="m48 32 14 16-14 16-14-16z" fill="#1f4e79"/><path d="m48 40 7 8-7 8-7-8z" fill="#f1d9a7"/><path d="M18 14v6m8-6v6m8-6v6m8-6v6m8-6v6m8-6v6m8-6v6m8-6v6M18 76v6m8-6v6m8-6v6m8-6v6m8-6v6m8-6v6m8-6v6m8-6v6" stroke="#f1d9a7" stroke-width="2"/>"""),
        new("sohan", "سوهان قم", "قوطی یک کیلویی، با کرهٔ حیوانی", 2_100_000,
            """<ellipse cx="48" cy="62" rx="32" ry="14" fill="#b8862b"/><ellipse cx="48" cy="54" rx="32" ry="14" fill="#e3b04b"/><circle cx="38" cy="52" r="3" fill="#7fa650"/><circle cx="52" cy="57" r="3" fill="#7fa650"/><circle cx="60" cy="50" r="3" fill="#7fa650"/><circle cx="46" cy="48" r="2.500" fill="#7fa650"/>"""),
    ];

    public static Product? Find(string? id) => All.FirstOrDefault(product => product.Id == id);
}
