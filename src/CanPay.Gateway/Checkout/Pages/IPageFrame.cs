namespace CanPay.Gateway.Checkout.Pages;

/// <summary>What the frame around every page of ours needs to know of it.</summary>
internal interface IPageFrame
{
    string Title { get; }

    /// <summary>The texts of the language that the reader reads.</summary>
    Words Words { get; }

    /// <summary>The same page can be had in another language.</summary>
    bool OffersLanguages => true;

    /// <summary>Script that adds comfort to the part that is shown.</summary>
    string? Script { get; }

    int? RefreshSeconds => null;

    /// <summary>What stands between the reader and what they came for, in their words.</summary>
    (string Title, string Text)? Problem { get; }

    /// <summary>What the reader should find in the address bar.</summary>
    string Host { get; }

    /// <summary>Why the reader should look there.</summary>
    string Advice => Words.CheckAddressBeforeTyping;
}
