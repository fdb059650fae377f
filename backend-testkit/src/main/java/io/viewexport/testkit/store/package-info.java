// SPDX-License-Identifier: Apache-2.0
/**
 * For the tests of job stores: the contract that each store keeps, {@link
 * io.viewexport.testkit.store.JobStoreContract}, with its numbered rules, {@link
 * io.viewexport.testkit.store.StoreRule}; and stores that go wrong as a test says, {@link
 * io.viewexport.testkit.store.FaultyJobStore}.
 */
@NullMarked
package io.viewexport.testkit.store;

import org.jspecify.annotations.NullMarked;
