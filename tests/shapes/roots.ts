// Where `official.mjs` begins to read. What these types refer to follows by itself.
import { Stripe } from 'stripe';

/** The parameters of requests, by the names that `portal.json` has for them. */
export interface Requests {
  configuration_create: Stripe.BillingPortal.ConfigurationCreateParams;
  configuration_list: Stripe.BillingPortal.ConfigurationListParams;
  configuration_update: Stripe.BillingPortal.ConfigurationUpdateParams;
  price_list: Stripe.PriceListParams;
  session_create: Stripe.BillingPortal.SessionCreateParams;
}

/** What is answered. */
export interface Objects {
  configuration: Stripe.BillingPortal.Configuration;
  configuration_page: Stripe.ApiList<Stripe.BillingPortal.Configuration>;
  price: Stripe.Price;
  price_page: Stripe.ApiList<Stripe.Price>;
  product: Stripe.Product;
  session: Stripe.BillingPortal.Session;
}
