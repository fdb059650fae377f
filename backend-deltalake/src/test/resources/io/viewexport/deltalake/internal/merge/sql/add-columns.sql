ALTER TABLE `main`.`fhir`.`patient` ADD COLUMNS (`part` INT, `odd``name` FLOAT, `ts` TIMESTAMP, `is_deleted` INT)
