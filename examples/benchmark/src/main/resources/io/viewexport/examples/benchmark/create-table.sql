-- Flat patients, the same at every run. Names follow a power law: about 59,000 family names,
-- the most frequent one in 0.4 % of the rows.
CREATE SCHEMA viewexport_benchmark;

CREATE FUNCTION viewexport_benchmark.fraction(i bigint, seed bigint) RETURNS double precision
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN (hashint8extended(i, seed) & 9007199254740991) / 9007199254740992.0::double precision;

CREATE FUNCTION viewexport_benchmark.syllables(n integer, seed integer) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN initcap(
    (ARRAY['ba','ker','li','mon','sa','ter','vo','win','ha','go','den','fri','ju','pet','ro','schu',
           'ta','ul','wer','zim','al','ber','cor','dal','en','for','gar','hol','is','jan','kol','lan',
           'mar','nor','os','pol','ren','ste','tur','ven'])[1 + (n * 7 + seed) % 40]
    || (ARRAY['a','an','be','chi','der','el','fe','ger','hi','in','ka','le','man','ne','on','pe','qui',
           'ri','son','te','u','vi','wa','ya','zo','berg','dorf','feld','hoff','mann','stein','thal',
           'wood','field','ford','ham','ley','ton','well','worth'])[1 + n / 40 % 40]
    || (ARRAY['','s','er','ova','i','sen','ez','ski','o','ic','en','et','ard','is','ak','ini','escu',
           'enko','ides','yan','oglu','dottir','quist','gren','strom','lund','vik','aard','inga','stra',
           'kamp','huis','mans','ens','aert','ots','ola','nen','la','kka'])[1 + n / 1600 % 40]);

CREATE UNLOGGED TABLE viewexport_benchmark.patient_flat (
  id text NOT NULL,
  family_name text,
  given text,
  gender text,
  birth_date date,
  active boolean,
  deceased_at timestamptz,
  last_updated timestamptz,
  created timestamptz,
  visits integer,
  weight numeric(10, 2)
);
