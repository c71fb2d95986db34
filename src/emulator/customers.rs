//! Customers: as much of them as portal sessions need.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::error::ApiError;
use super::expand::Expand;
use super::form::Table;
use super::metadata::{self, Entries, Metadata};
use super::params::{self, Edit, Params};
use super::resource::{Resource, write};
use super::state::{Call, object};
use super::vocabulary::TaxExempt;

/// Parameters of Stripe's that have nothing to do with the portal.
const NOT_EMULATED: &[&str] = &[
    "address",
    "cash_balance",
    "invoice_prefix",
    "invoice_settings",
    "next_invoice_sequence",
    "payment_method",
    "shipping",
    "source",
    "tax",
    "tax_id_data",
    "test_clock",
    "validate",
];

object!(Customer, "customer", "cus", customers);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Customer {
    pub(super) id: String,
    balance: i64,
    business_name: Option<String>,
    created: i64,
    description: Option<String>,
    pub(super) email: Option<String>,
    individual_name: Option<String>,
    metadata: Metadata,
    pub(super) name: Option<String>,
    phone: Option<String>,
    preferred_locales: Vec<String>,
    tax_exempt: TaxExempt,
}

impl Resource for Customer {
    const URL: &'static str = "/v1/customers";
    const EXPANDABLE: &'static [&'static str] = &[];

    fn json(&self, call: &Call<'_>, _: &Expand) -> Value {
        let Self {
            id,
            balance,
            business_name,
            created,
            description,
            email,
            individual_name,
            metadata,
            name,
            phone,
            preferred_locales,
            tax_exempt,
        } = self;
        // Like Stripe, an absent name of these two kinds is absent, not null.
        let mut customer = json!({
            "id": id,
            "object": "customer",
            "address": null,
            "balance": balance,
            "created": created,
            "currency": null,
            "customer_account": null,
            "default_source": null,
            "delinquent": false,
            "description": description,
            "discount": null,
            "email": email,
            "invoice_prefix": super::ids::letters(id, 8).to_ascii_uppercase(),
            "invoice_settings": {
                "custom_fields": null,
                "default_payment_method": null,
                "footer": null,
                "rendering_options": null,
            },
            "livemode": call.livemode(),
            "metadata": metadata,
            "name": name,
            "next_invoice_sequence": 1,
            "phone": phone,
            "preferred_locales": preferred_locales,
            "shipping": null,
            "tax_exempt": tax_exempt,
            "test_clock": null,
        });
        for (field, name) in
            [("business_name", business_name), ("individual_name", individual_name)]
        {
            if let Some(name) = name {
                customer[field] = json!(name);
            }
        }
        customer
    }
}

pub(super) fn create(call: &mut Call<'_>, fields: Table) -> Result<Value, ApiError> {
    write(call, fields, New::read, |call, new| new.add(call, None))
}

/// Adds a customer as a create does, outside of any request, with an id of one's own.
pub(super) fn make(
    call: &mut Call<'_>,
    id: Option<String>,
    fields: Table,
) -> Result<Customer, ApiError> {
    params::read(fields, New::read)?.add(call, id)
}

/// A customer that is to be created, without an id.
struct New {
    balance: i64,
    business_name: Edit<String>,
    description: Edit<String>,
    email: Edit<String>,
    individual_name: Edit<String>,
    metadata: Edit<Entries>,
    name: Edit<String>,
    phone: Edit<String>,
    preferred_locales: Edit<Vec<String>>,
    tax_exempt: Edit<TaxExempt>,
}

impl New {
    fn read(params: &mut Params<'_>) -> Self {
        params.not_emulated(NOT_EMULATED);
        Self {
            balance: params.get("balance").unwrap_or_default(),
            business_name: params.edit("business_name"),
            description: params.edit("description"),
            email: params.edit("email"),
            individual_name: params.edit("individual_name"),
            metadata: metadata::edit(params),
            name: params.edit("name"),
            phone: params.edit("phone"),
            preferred_locales: params.edit("preferred_locales"),
            tax_exempt: params.edit("tax_exempt"),
        }
    }

    fn add(self, call: &mut Call<'_>, id: Option<String>) -> Result<Customer, ApiError> {
        let mut customer = Customer {
            id: String::new(),
            balance: self.balance,
            business_name: None,
            created: call.now,
            description: None,
            email: None,
            individual_name: None,
            metadata: Metadata::default(),
            name: None,
            phone: None,
            preferred_locales: Vec::new(),
            tax_exempt: match self.tax_exempt {
                Edit::Set(tax_exempt) => tax_exempt,
                Edit::Keep | Edit::Clear => TaxExempt::None,
            },
        };
        self.business_name.apply(&mut customer.business_name);
        self.description.apply(&mut customer.description);
        self.email.apply(&mut customer.email);
        self.individual_name.apply(&mut customer.individual_name);
        metadata::apply(self.metadata, &mut customer.metadata)?;
        self.name.apply(&mut customer.name);
        self.phone.apply(&mut customer.phone);
        self.preferred_locales.apply(&mut customer.preferred_locales);
        customer.id = id.unwrap_or_else(|| call.next_id::<Customer>());
        call.add(customer.clone());
        Ok(customer)
    }
}
