-- What a shop last said of a buyer with an account, by which a difference is shown. Holds personal data.
alter table shop_customer add column said text;
