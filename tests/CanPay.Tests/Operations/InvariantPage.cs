using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CanPay.Gateway.Operations;
using CanPay.Gateway.Storage;

namespace CanPay.Tests.Operations;

/// <summary>docs/invariants.md, written from the invariants of the doctor and the reasons below.</summary>
internal static partial class InvariantPage
{
    /// <summary>Why each must hold: what else would be lost.</summary>
    public static IReadOnlyDictionary<string, string> Why { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["database_is_sound"] = "What is read may be believed only from a database that is whole and that forgets nothing.",
        ["references_lead_somewhere"] = "A row of a payment that is not there is money of nobody.",
        ["transfers_are_money"] = "A transfer is one row with both sides, so the books balance if each row does.",
        ["every_move_is_posted"] = "Money that moved and is not in the books is lost to somebody.",
        ["every_posting_has_its_move"] = "A posting without its cause, or twice, makes money out of nothing.",
        ["tests_stand_apart"] = "What was only tried out must never be paid out.",
        ["accounts_agree_with_payments"] = "Balances are sums of postings; what is owed by the states of payments must be the same, to the rial.",
        ["history_is_a_path"] = "A payment that jumped was moved by something else than its state machine.",
        ["history_ends_in_the_status"] = "The row and its history are written together; if they differ, one of them was changed alone.",
        ["history_goes_forward"] = "Deadlines are judged by these times.",
        ["paid_means_one_approval"] = "\"Paid\" is told to shops: an issuer must have said so, once, under that reference.",
        ["unpaid_holds_nothing"] = "A payer's money must not stay with a payment that failed.",
        ["one_authorization_holds_money"] = "Two would charge a payer twice.",
        ["open_payments_are_looked_after"] = "What nobody looks after stays open for ever, with the payer's money.",
        ["amounts_agree"] = "The payer must be charged what the shop asked for.",
        ["verified_in_time"] = "Verified and given back exclude each other; the deadline divides them.",
        ["tokens_are_well_formed"] = "A token is the payment's name in addresses: nothing else may stand there, and it must not be guessed.",
        ["trace_numbers_are_unique"] = "The network tells purchases apart by them; the same again would be taken for a repetition.",
        ["sealed_cards_are_erased"] = "Card data is kept no longer than it is needed.",
        ["what_may_go_back_can_go_back"] = "Without the card the network cannot be asked for the money.",
        ["sealed_cards_have_their_key"] = "A card whose key is gone cannot be reversed or refunded.",
        ["one_key_seals"] = "Two would seal at random, none would stop payments.",
        ["open_cards_are_young"] = "A card that is kept for weeks belongs to a payment that nobody brings to an end.",
        ["the_journal_holds_no_card_data"] = "The journal is kept for years and read by people.",
        ["nothing_is_put_aside"] = "Somebody must decide, and should know it.",
        ["nothing_is_overdue"] = "The loops have stopped, or something is in their way.",
        ["events_have_their_move"] = "Merchants deliver goods by them.",
        ["moves_are_told_once"] = "Two events about one move would be two orders.",
        ["moves_are_told"] = "A merchant that waits for an event would never hear it.",
        ["deliveries_have_event_and_endpoint"] = "An event must not reach another merchant's server.",
        ["delivered_was_sent"] = "\"Delivered\" without an answer is a lost event.",
        ["one_event_of_a_payment_at_a_time"] = "Events of a payment arrive in their order.",
        ["no_event_waits_for_ever"] = "It was not given up either, so nobody was told.",
        ["refunds_are_posted"] = "What went back must have left what the merchant is owed.",
        ["no_more_is_refunded_than_was_paid"] = "More would be our own money.",
        ["sums_of_refunds_agree"] = "The database refuses too much by this sum; a wrong one lets it through.",
        ["refund_references_are_unique"] = "The network would take the refund for a repetition of the purchase.",
        ["what_is_refunded_can_be_sent"] = "Without the card the refund stays on its way for ever.",
        ["cards_for_refunds_are_young"] = "Card data is kept no longer than it is needed.",
        ["no_refund_is_put_aside"] = "Somebody must decide, and should know it.",
        ["no_refund_is_overdue"] = "The loops have stopped, or something is in their way.",
        ["the_books_are_append_only"] = "What can be changed proves nothing. Here the guards themselves are looked at: triggers, and rights of roles.",
        ["expired_in_time"] = "A payer who is typing must not lose the payment.",
        ["notes_show_no_card"] = "Notes are kept for years and read by people.",
        ["texts_show_no_card"] = "Texts that people write are read by people, and stand in clear.",
        ["answers_are_true"] = "A repetition is answered from here for days: it must say what the books say, to whom it belongs.",
        ["saved_cards_were_proved"] = "Else somebody could pay with another's card, or see its mask.",
        ["leases_end"] = "What a worker holds for ever nobody else may touch, and nobody calls it overdue.",
        ["nothing_is_put_off"] = "A due time far away looks like care and is none.",
        ["no_state_outlives_its_time"] = "Looks at the payment's own times, not at what its job says of them.",
        [Doctor.SchemaIsOurs] = "Every rule that the database keeps by itself (unique numbers, checks, guards) is there and in force, and no column is there that we do not know.",
    };

    public static string Markdown()
    {
        var page = new StringBuilder(
            """
            # What must be true of the books

            `canpay doctor` asks all of this in one snapshot, without writing; beside running nodes, as often as wanted. Exit code 0 says that
            everything holds, 1 that something does not, 2 that it could not be asked. `canpay doctor --selftest` makes books of its own, plants
            each violation below and must see it, on the engine that is configured; the same is a test on both. This page is written by
            `InvariantPageTests`, which also demands a reason for each.

            *each payment*: judged for every payment, in one reading of all tables together. *own query*: a query of its own. *at rest*: only with
            `--quiesced`, when nothing is under way.

            | invariant | what must hold | why | asked | planted violations |
            |---|---|---|---|---|

            """);
        foreach (var invariant in Invariant.All)
        {
            var plants = invariant.PlantsOn(EngineKind.Postgres).Union(invariant.PlantsOn(EngineKind.Sqlite)).ToList();
            Row(page, invariant.Name, invariant.Meaning, (invariant.OfEachPayment ? "each payment" : "own query") + (invariant.OnlyAtRest ? ", at rest" : ""), plants);
        }

        Row(page, Doctor.SchemaIsOurs, "Tables, indexes, constraints and triggers are those of the migrations.", "compared with a schema made anew", Doctor.PlantsInTheSchema);
        return page.Append(
            """

            With `--network-journal FILE|URL` also `the_network_agrees`: for each reference our books and the card network's own say the same
            (`NetworkJournalTests.Books_that_differ_are_seen` plants differences of each kind).

            ## What is kept otherwise

            | what | how |
            |---|---|
            | two sides of each posting, nothing but whole rials | a transfer is one row with both sides and one amount |
            | the clearing accounts of a payment that is over are at zero | follows from `every_move_is_posted` and `every_posting_has_its_move`; `PaymentTests.On_every_path_the_clearing_accounts_return_to_zero` |
            | one invoice, one reference, one token, one key for an answer | unique indexes, which `schema_is_ours` looks for |
            | the shop is told "paid" only of what is paid | `events_have_their_move` for events; for the way back `PaymentFlowTests.What_the_network_does_not_answer_is_reversed_and_never_verified` |
            | nothing is written under a lease that was lost | the write names its epoch: `PaymentStoreTests.A_worker_that_lost_its_lease_writes_nothing`; the books do not keep old epochs |
            | sealed cards really open | their keys are looked for here; opened they are at each rotation: `KeyRotationTests.A_key_whose_cards_do_not_open_stays` |
            | the loops come round | `/health/ready`; what would come of it `nothing_is_overdue` and `no_state_outlives_its_time` see |
            | a wait for the standby that was given up is no success | `StandbyTests.A_wait_for_the_standby_that_is_given_up_is_no_success`; such waits are not counted in the books |
            | a standby is there, checksums are on | [operations.md](operations.md): the gateway's role may not see it |

            Not part of the product yet, and so not asked: settlement and payouts, fees, a panel with an audit trail, a chain of hashes over the
            books.

            """).ToString();
    }

    private static void Row(StringBuilder page, string name, string meaning, string asked, IReadOnlyList<string> plants) => page.Append(
        CultureInfo.InvariantCulture,
        $"| `{name}` | {meaning} | {Why.GetValueOrDefault(name, "")} | {asked} | {string.Join("<br>", plants.Select(plant => $"`{Shown(plant)}`"))} |\n");

    private static string Shown(string plant) => Spaces().Replace(plant, " ").Trim().Replace("|", "\\|", StringComparison.Ordinal) is { Length: > 120 } text
        ? text[..119] + "…"
        : Spaces().Replace(plant, " ").Trim().Replace("|", "\\|", StringComparison.Ordinal);

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
