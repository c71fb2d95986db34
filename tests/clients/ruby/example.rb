require 'json'
require 'minitest/autorun'
require 'net/http'
require 'stripe'

Stripe.api_base = ENV.fetch('STRIPE_URL', 'http://127.0.0.1:12111')
Stripe.api_key = 'sk_test_123'
Stripe.max_network_retries = 2

class PortalTest < Minitest::Test
  def tell(path, body = nil)
    Net::HTTP.post(URI("#{Stripe.api_base}/_emulator/#{path}"), body.to_json)
  end

  def setup
    tell('reset')
  end

  def test_a_lost_answer_makes_no_second_configuration
    tell('faults', { match: { method: 'POST' }, fault: 'lost_answer' })
    configuration = Stripe::BillingPortal::Configuration
    created = configuration.create(features: { invoice_history: { enabled: true } })

    assert_equal [created.id], configuration.list.data.map(&:id)
  end
end
