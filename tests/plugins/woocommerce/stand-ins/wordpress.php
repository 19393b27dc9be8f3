<?php
/*
 * STAND-INS, for tests only: the few functions of WordPress and WooCommerce that the plugin calls, on files. They are written from
 * the hosts' documentation and prove nothing about the hosts themselves. The gateway at the other end is a real one.
 */
define('ABSPATH', __DIR__);
define('STORE', getenv('SHOP_DATA'));
$actions = [];

function add_action($name, $callback) { $GLOBALS['actions'][$name][] = $callback; }
function add_filter($name, $callback) { add_action($name, $callback); }
function do_action($name, ...$arguments) { foreach ($GLOBALS['actions'][$name] ?? [] as $callback) { $callback(...$arguments); } }
function esc_html($text) { return htmlspecialchars((string) $text, ENT_QUOTES); }
function wp_unslash($text) { return $text; }
function wp_json_encode($value) { return json_encode($value); }
function wp_generate_password($length, $special) { return substr(bin2hex(random_bytes($length)), 0, $length); }
function wp_schedule_single_event($at, $hook, $arguments) { file_put_contents(STORE . '/events', "$hook {$arguments[0]}\n", FILE_APPEND); }
function wc_add_notice($text, $kind) { $GLOBALS['notices'][] = $text; }
function wc_get_checkout_url() { return '/checkout-page'; }
function wp_safe_redirect($url) { header("Location: $url", true, 303); }
function wp_die($text, $title, $options) { http_response_code($options['response']); echo esc_html($text); exit; }

class WP_Error
{
    public function __construct(public $code, public $message) {}
}

function is_wp_error($value) { return $value instanceof WP_Error; }

function wp_remote_post($url, $options)
{
    $curl = curl_init($url);
    curl_setopt_array($curl, [
        CURLOPT_POSTFIELDS => $options['body'], CURLOPT_RETURNTRANSFER => true, CURLOPT_TIMEOUT => $options['timeout'],
        CURLOPT_HTTPHEADER => array_map(fn ($name) => "$name: {$options['headers'][$name]}", array_keys($options['headers'])),
    ]);
    $body = curl_exec($curl);
    return $body === false ? new WP_Error('http', curl_error($curl)) : ['code' => curl_getinfo($curl, CURLINFO_RESPONSE_CODE), 'body' => $body];
}

function wp_remote_retrieve_response_code($response) { return $response['code']; }
function wp_remote_retrieve_body($response) { return $response['body']; }

/** MySQL, as far as it is asked: named locks and the options table. */
final class StandInDatabase
{
    public $options = 'wp_options';
    private $locks = [];

    public function prepare($sql, ...$values) { return [$sql, $values]; }

    public function get_var($query)
    {
        [$sql, $values] = $query;
        if (str_contains($sql, 'GET_LOCK')) {
            $this->locks[$values[0]] = fopen(STORE . '/lock.' . $values[0], 'c');
            return flock($this->locks[$values[0]], LOCK_EX) ? '1' : '0';
        }
        $file = STORE . '/option.' . $values[0];
        return is_file($file) ? file_get_contents($file) : null;
    }

    public function query($query)
    {
        [$sql, $values] = $query;
        if (str_contains($sql, 'RELEASE_LOCK')) {
            flock($this->locks[$values[0]], LOCK_UN);
            return 1;
        }
        $file = @fopen(STORE . '/option.' . $values[0], 'x');
        return $file ? (int) (bool) fwrite($file, $values[1]) : 0;
    }
}

$wpdb = new StandInDatabase();

/** An order in a file; payment_complete is counted, because it is what sends the goods out. */
final class WC_Order
{
    public $data;

    public function __construct(private $id)
    {
        $this->data = json_decode(file_get_contents(STORE . "/order.$id"), true);
    }

    public static function create($total, $currency)
    {
        $id = random_int(1000, 999999999);
        file_put_contents(STORE . "/order.$id", json_encode(['total' => $total, 'currency' => $currency, 'status' => 'pending', 'meta' => [], 'transaction' => '']));
        return new self($id);
    }

    public function get_id() { return $this->id; }
    public function get_total() { return $this->data['total']; }
    public function get_currency() { return $this->data['currency']; }
    public function get_meta($name) { return $this->data['meta'][$name] ?? ''; }
    public function update_meta_data($name, $value) { $this->data['meta'][$name] = $value; }
    public function get_transaction_id() { return $this->data['transaction']; }
    public function set_transaction_id($reference) { $this->data['transaction'] = $reference; }
    public function add_order_note($text) { file_put_contents(STORE . "/notes.$this->id", "$text\n", FILE_APPEND); }

    public function save()
    {
        $draft = STORE . '/draft.' . bin2hex(random_bytes(6));
        file_put_contents($draft, json_encode($this->data));
        rename($draft, STORE . "/order.$this->id");
    }

    public function update_status($status, $note)
    {
        $this->data['status'] = $status;
        $this->save();
        $this->add_order_note($note);
    }

    public function payment_complete($reference)
    {
        file_put_contents(STORE . '/delivered.log', "$this->id $reference\n", FILE_APPEND | LOCK_EX);
        $this->data['status'] = 'processing';
        $this->data['transaction'] = $reference;
        $this->save();
    }
}

function wc_get_order($id) { return is_file(STORE . "/order.$id") ? new WC_Order($id) : false; }

final class StandInWooCommerce
{
    public $cart = null;

    public function api_request_url($name) { return getenv('SHOP_URL') . '/callback'; }
}

function WC() { return new StandInWooCommerce(); }

abstract class WC_Payment_Gateway
{
    public $id, $title, $method_title, $method_description, $has_fields, $supports, $form_fields;

    public function init_settings() {}
    public function process_admin_options() {}
    public function get_return_url($order) { return '/orders/' . $order->get_id(); }

    public function get_option($name)
    {
        return ['gateway' => getenv('CANPAY_URL'), 'merchant' => getenv('CANPAY_MERCHANT')][$name] ?? $this->form_fields[$name]['default'];
    }
}
