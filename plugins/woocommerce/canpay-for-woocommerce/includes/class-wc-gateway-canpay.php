<?php

defined('ABSPATH') || exit;

/** The gateway as WooCommerce's checkout knows it. */
final class WC_Gateway_CanPay extends WC_Payment_Gateway
{
    /** All payments that were begun for an order: invoice_id => token and amount in rials. Any of them may be the one that is paid. */
    private const ATTEMPTS = '_canpay_attempts';

    private const REFUNDS = '_canpay_refunds';

    public function __construct()
    {
        $this->id = 'canpay';
        $this->method_title = 'کن‌پی';
        $this->method_description = 'پرداخت با همهٔ کارت‌های شتاب از راه درگاه کن‌پی';
        $this->has_fields = false;
        $this->supports = ['products', 'refunds'];
        $this->form_fields = [
            'enabled' => ['title' => 'فعال', 'type' => 'checkbox', 'label' => 'پرداخت با کن‌پی', 'default' => 'no'],
            'title' => ['title' => 'عنوان', 'type' => 'text', 'default' => 'پرداخت با کارت بانکی'],
            'merchant' => ['title' => 'کد پذیرندگی', 'type' => 'text', 'default' => ''],
            'api_key' => ['title' => 'کلید API (اختیاری)', 'type' => 'password', 'default' => ''],
            'gateway' => ['title' => 'نشانی درگاه', 'type' => 'url', 'default' => 'https://canpay.ir'],
        ];
        $this->init_settings();
        $this->title = $this->get_option('title');
        add_action('woocommerce_update_options_payment_gateways_canpay', [$this, 'process_admin_options']);
        add_action('woocommerce_api_canpay', [$this, 'come_back']);
    }

    /** The payer pressed "place order". */
    public function process_payment($order_id)
    {
        $order = wc_get_order($order_id);
        $amount = self::rials($order->get_total(), $order->get_currency());
        if ($amount === null) {
            wc_add_notice('واحد پول یا مبلغ این سفارش برای پرداخت ریالی مناسب نیست.', 'error');
            return ['result' => 'failure'];
        }
        $attempts = $order->get_meta(self::ATTEMPTS) ?: [];
        // Another number for each attempt: an invoice_id is for one payment.
        $invoice = $order->get_id() . '-' . (count($attempts) + 1) . '-' . wp_generate_password(6, false);
        $answer = $this->api()->ask('token', [
            'amount' => $amount,
            'callback_url' => WC()->api_request_url('canpay'),
            'invoice_id' => $invoice,
        ]);
        if (($answer['status'] ?? false) !== true) {
            wc_add_notice(esc_html(CanPay_Api::words($answer)), 'error');
            return ['result' => 'failure'];
        }
        $attempts[$invoice] = ['token' => $answer['data']['token'], 'amount' => $amount];
        $order->update_meta_data(self::ATTEMPTS, $attempts);
        $order->save(); // before the payer leaves
        // Events with the same arguments within ten minutes are one to WordPress, so each attempt has its own.
        wp_schedule_single_event(time() + 300, 'canpay_settle', [$order->get_id(), $invoice, 1]);
        wp_schedule_single_event(time() + 720, 'canpay_settle', [$order->get_id(), $invoice, 2]);
        return ['result' => 'success', 'redirect' => $answer['data']['url']];
    }

    /** The payer's browser, by POST or GET. What it brings is a hint that anybody can send: it is compared, then the gateway is asked. */
    public function come_back()
    {
        $field = function (string $name): string {
            $value = $_POST[$name] ?? $_GET[$name] ?? ''; // phpcs:ignore WordPress.Security.NonceVerification
            return is_string($value) ? wp_unslash($value) : '';
        };
        $invoice = $field('invoice_id');
        $order = preg_match('/^([1-9][0-9]{0,18})-[0-9]+-[A-Za-z0-9]{6}$/D', $invoice, $found) ? wc_get_order((int) $found[1]) : false;
        $attempt = $order ? ($order->get_meta(self::ATTEMPTS) ?: [])[$invoice] ?? null : null;
        if ($attempt === null || !hash_equals($attempt['token'], $field('token')) || $field('amount') !== (string) $attempt['amount']) {
            wp_die('سفارشی با این مشخصات پیدا نشد. اگر مبلغی کسر شده باشد، خودکار به کارت برمی‌گردد.', '', ['response' => 400]);
            return;
        }
        $status = $this->settle($order, $invoice, $attempt); // also after success=0: only the gateway knows
        if ($status === 'paid') {
            WC()->cart && WC()->cart->empty_cart();
        } elseif ($status === 'unknown') {
            wc_add_notice('نتیجهٔ پرداخت هنوز روشن نیست. سفارش شما خودکار بررسی می‌شود.', 'notice');
        } else {
            wc_add_notice('پرداخت انجام نشد. می‌توانید دوباره تلاش کنید.', 'error');
        }
        wp_safe_redirect($status === 'paid' || $status === 'unknown' ? $this->get_return_url($order) : wc_get_checkout_url());
        exit;
    }

    /** Asks about every payment that was begun for an order. */
    public function settle_order($order_id): void
    {
        $order = wc_get_order($order_id);
        foreach ($order ? ($order->get_meta(self::ATTEMPTS) ?: []) : [] as $invoice => $attempt) {
            $this->settle($order, $invoice, $attempt);
        }
    }

    /** WooCommerce's "refund by CanPay". */
    public function process_refund($order_id, $amount = null, $reason = '')
    {
        $order = wc_get_order($order_id);
        $token = $order->get_meta('_canpay_token');
        $rials = self::rials($amount, $order->get_currency());
        if (!$token || !$rials) {
            return new WP_Error('canpay', 'این سفارش با کن‌پی پرداخت نشده است یا مبلغ درست نیست.');
        }
        // The number goes on only after an answer: who repeats because nobody answered asks for the same refund again.
        $number = (int) $order->get_meta(self::REFUNDS) + 1;
        $answer = $this->api()->ask('refund', [
            'token' => $token, 'amount' => $rials, 'refund_id' => "wc-{$order->get_id()}-$number", 'reason' => 'customer_request',
        ]);
        if ($answer === null || (!$answer['status'] && ($answer['code'] ?? 0) >= 900)) {
            return new WP_Error('canpay', 'درگاه پاسخ نداد و شاید بازپرداخت ثبت شده باشد. همین مبلغ را دوباره بازپرداخت کنید؛ دو بار انجام نمی‌شود.');
        }
        if (!$answer['status']) {
            return new WP_Error('canpay', CanPay_Api::words($answer));
        }
        $order->update_meta_data(self::REFUNDS, $number);
        $order->save();
        if ($answer['data']['status'] === 'failed') {
            return new WP_Error('canpay', 'بانک بازپرداخت را نپذیرفت: ' . ($answer['data']['failure'] ?? ''));
        }
        $order->add_order_note(sprintf('بازپرداخت %s ریال در کن‌پی: %s (%s)', $rials, $answer['data']['refund_id'], $answer['data']['status']));
        return true;
    }

    /**
     * Whole rials of an amount in one of the currencies of Iranian shops; null where there are none.
     *
     * @param mixed $amount As WooCommerce has it: a number as text.
     */
    public static function rials($amount, string $currency): ?int
    {
        $factor = ['IRR' => 1, 'IRT' => 10, 'IRHR' => 1000, 'IRHT' => 10000][$currency] ?? null;
        if ($factor === null || !is_numeric($amount)) {
            return null;
        }
        $rials = round((float) $amount * $factor, 4);
        return $rials >= 1 && $rials === floor($rials) && $rials < 1e15 ? (int) $rials : null;
    }

    /** @return string paid, open, failed or unknown */
    private function settle($order, string $invoice, array $attempt): string
    {
        // With the amount: should the payment be of another one, nothing is verified.
        $answer = $this->api()->ask('verify', ['token' => $attempt['token'], 'amount' => $attempt['amount']]);
        if (($answer['status'] ?? false) === true) {
            $data = $answer['data'];
            if ($data['invoice_id'] !== $invoice || $data['amount'] !== $attempt['amount']) {
                return 'unknown';
            }
            $this->complete($order->get_id(), $attempt, $data);
            return 'paid';
        }
        switch ($answer['error'] ?? '') {
            case 'payment_cancelled':
            case 'payment_failed':
            case 'payment_expired':
            case 'payment_returned':
                return 'failed';
            case 'payment_not_paid':
                return 'open';
            default:
                return 'unknown'; // no answer, or one that says nothing of the payment
        }
    }

    /** Once for each payment, however many come at once: one after the other, and each looks what the one before it did. */
    private function complete(int $order_id, array $attempt, array $data): void
    {
        global $wpdb;
        $lock = 'canpay_' . $order_id;
        if ((string) $wpdb->get_var($wpdb->prepare('SELECT GET_LOCK(%s, 20)', $lock)) !== '1') {
            return; // somebody else is at it
        }
        try {
            $mark = 'canpay_paid_' . $attempt['token'];
            // Not by get_option and not from the order: both may come from a cache that is older than the lock.
            if ($wpdb->get_var($wpdb->prepare("SELECT option_value FROM {$wpdb->options} WHERE option_name = %s", $mark)) !== null) {
                return;
            }
            $order = wc_get_order($order_id);
            if ($order->get_transaction_id() && $order->get_transaction_id() !== $data['reference']) {
                $order->add_order_note("این سفارش دو بار پرداخت شده است. پرداخت دوم: {$data['reference']}؛ آن را بازپرداخت کنید.");
            } elseif (self::rials($order->get_total(), $order->get_currency()) !== $attempt['amount']) {
                $order->set_transaction_id($data['reference']);
                $order->update_status('on-hold', 'مبلغ سفارش پس از شروع پرداخت تغییر کرده است. ');
            } elseif (!$order->get_transaction_id()) {
                $order->update_meta_data('_canpay_token', $attempt['token']);
                $order->update_meta_data('_canpay_card', $data['card']);
                $order->save();
                $order->payment_complete($data['reference']);
                $order->add_order_note("پرداخت با کن‌پی، کارت {$data['card']}، شمارهٔ پیگیری {$data['reference']}");
            }
            $wpdb->query($wpdb->prepare(
                "INSERT IGNORE INTO {$wpdb->options} (option_name, option_value, autoload) VALUES (%s, %s, 'no')", $mark, $data['reference']));
        } finally {
            $wpdb->query($wpdb->prepare('SELECT RELEASE_LOCK(%s)', $lock));
        }
    }

    private function api(): CanPay_Api
    {
        return new CanPay_Api($this->get_option('gateway'), $this->get_option('merchant'), $this->get_option('api_key'));
    }
}
