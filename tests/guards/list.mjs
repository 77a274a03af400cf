// The guards that the server stands on, each with a way to take it out. Contract: {guard, file, from, to, red}: `from`
// stands in `file` exactly once, what replaces it compiles and lets through what the guard keeps out, and every test of
// `red` then fails.
//
// A test is named by its path below tests/: "http/isolation" is isolation.test.mjs, "http/isolation#by host name" those
// in it that are named like that (with | between, if several), "unit/base/test_seal" a program of ctest. To be read as a table: clang-format off
const api = 'core/api/', base = 'core/base/', exam = 'core/exam/', net = 'core/net/', store = 'core/store/';

const who = [
  {
    guard: 'a session is asked for', file: `${api}admission.c`,
    from: 'if (actor->kind == ACTOR_NOBODY)\n', to: 'if (false)\n',
    red: ['http/isolation'],
  },
  {
    guard: 'who acts is asked anew after what was prepared', file: `${api}dispatch.c`,
    from: 'return request->stage == STAGE_HANDLE && request->route->prepare &&', to: 'return false &&',
    red: ['http/staffing#before it is written', 'http/second-factor#has taken the place of'],
  },
  {
    guard: 'what prepare has done is told', file: `${api}routes.c`,
    from: ' | ROUTE_ACTED', to: '',
    red: ['http/operator#has signed out meanwhile'],
  },
  {
    guard: 'staff have the role that a route asks for', file: `${api}admission.c`,
    from: '(route->roles == 0 || (route->roles & actor->roles))', to: 'true',
    red: ['http/isolation'],
  },
  {
    guard: 'staff are no candidates', file: `${api}admission.c`,
    from: 'if (route->audience == CANDIDATE && actor->kind == ACTOR_CANDIDATE)', to: 'if (route->audience == CANDIDATE)',
    red: ['http/isolation'],
  },
  {
    guard: 'an application is shown to its owner only', file: `${exam}application.c`,
    from: '(tx->actor.kind == ACTOR_CANDIDATE && !text_equal(found.account_id, tx->actor.id))', to: 'false',
    red: ['http/isolation'],
  },
  {
    guard: 'a host of one centre leads to no other', file: `${api}api.c`,
    from: 'if (*by_host || !text_starts(path, "/t/"))', to: 'if (!text_starts(path, "/t/"))',
    red: ['http/isolation#by host name'],
  },
  {
    guard: 'a suspended centre\'s host is nobody else\'s', file: 'core/tenant/tenants.c',
    from: 'return host;', to: 'return *out;',
    red: ['http/operator#own host', 'unit/tenant/test_tenant'],
  },
  {
    guard: 'nor the operator\'s', file: `${api}api.c`,
    from: '!match.tenant && !match.by_host &&', to: '!match.tenant &&',
    red: ['http/operator#own host'],
  },
  {
    guard: 'what the public sees is kept by centre', file: `${api}answer.c`,
    from: 'const char *slug = tenant_slug(tenant);', to: '(void)tenant;\n\tconst char *slug = "";',
    red: ['http/canary'],
  },
  {
    guard: 'a kept answer is its asker\'s', file: `${api}idempotency.c`,
    from: 'return request->tx.actor.id;', to: 'return request->tx.address;',
    red: ['http/isolation#Idempotency-Key'],
  },
  {
    guard: 'a key is good for one request only', file: `${api}idempotency.c`,
    from: 'if (!text_equal(hash, request_hash(request)))', to: 'if (false)',
    red: ['http/application'],
  },
  {
    guard: 'a page of another origin changes nothing', file: `${api}api.c`,
    from: 'else if (!origin_acceptable(message))', to: 'else if (false)',
    red: ['http/account'],
  },
  {
    guard: 'where a browser comes from is looked at', file: `${api}admission.c`,
    from: 'return text_equal(site, "same-origin") || text_equal(site, "none");', to: 'return true;',
    red: ['unit/api/test_admission'],
  },
  {
    guard: 'the simulated cash desk is closed outside of demos', file: `${api}api.c`,
    from: 'if (match.route && (match.route->flags & ROUTE_DEMO) && !api->deployment->demo)', to: 'if (false)',
    red: ['http/payments'],
  },
  {
    guard: 'a session ends', file: `${exam}session.c`,
    from: 'if (!session.account_id || !session.active || session.expires_at <= tx->now ||\n\t\tsession.seen_at + idle_limit(session.kind) <= tx->now)',
    to: 'if (!session.account_id || !session.active)',
    red: ['unit/exam/test_session'],
  },
  {
    guard: 'a new password takes the old one', file: `${api}credentials.c`,
    from: 'return counted(request, "/password", "password.wrong");', to: 'return OK;',
    red: ['http/account'],
  },
  {
    guard: 'who comes back at the desk is whose ID number the application has', file: `${exam}recovery.c`,
    from: 'if (!text_equal(index, application->id_index))', to: 'if (!index && application)',
    red: ['http/recovery#changes nothing'],
  },
  {
    guard: 'what anybody may have typed brings nobody back', file: `${exam}recovery.c`,
    from: 'if (application->revision == 0)', to: 'if (application->revision < 0)',
    red: ['http/recovery#never handed in'],
  },
  {
    guard: 'nobody is brought back by a desk that somebody has left', file: `${api}credentials.c`,
    from: 'rc = rc ? rc : proven(request, NULL);\n\treturn rc ? rc\n\t\t  : recovery_carry_out(',
    to: 'return rc ? rc\n\t\t  : recovery_carry_out(',
    red: ['http/recovery#changes nothing'],
  },
  {
    guard: 'who comes back leaves nobody else in', file: `${exam}account.c`,
    from: 'rc = rc ? rc : password_set(tx, account_id, NULL);', to: '',
    red: ['http/recovery#and a new password'],
  },
  {
    guard: 'a number that is given up is told', file: `${exam}account.c`,
    from: 'rc = mobile_change_tell(tx, id);', to: 'rc = id ? OK : mobile_change_tell(tx, id);',
    red: ['http/recovery#by oneself'],
  },
  {
    guard: 'what anybody would try first is no password', file: `${base}password.c`,
    from: 'ZxcvbnMatch(password, words, NULL) < GUESSES_LEAST', to: 'false',
    red: ['unit/base/test_password'],
  },
  {
    guard: 'who is disabled is out at once', file: `${exam}session.c`,
    from: '!session.account_id || !session.active ||', to: '!session.account_id ||',
    red: ['unit/exam/test_session'],
  },
  {
    guard: 'a token is not kept', file: `${exam}session.c`,
    from: 'sha256_hex(bytes_of(token, strlen(token)), hash);\n\treturn arena_text(tx->arena, hash);',
    to: '(void)hash;\n\treturn arena_text(tx->arena, token);',
    red: ['http/privacy'],
  },
  {
    guard: 'sign-in locks after failures', file: `${exam}sign_in.c`,
    from: 'if (failures < LIMIT_SIGN_IN_FAILURES)\n\t\treturn 0;', to: 'if (failures > 0)\n\t\treturn 0;',
    red: ['unit/exam/test_account'],
  },
  {
    guard: 'a step of the second factor is used once', file: `${base}totp.c`,
    from: 'if (equal && step > used)', to: '(void)used;\n\t\tif (equal)',
    red: ['unit/base/test_totp', 'http/second-factor#every code holds once'],
  },
  {
    guard: 'a role that must have a second factor has none without', file: `${exam}session.c`,
    from: '.roles = unenrolled ? 0 : roles,', to: '.roles = roles,',
    red: ['http/second-factor#can do nothing but enrol'],
  },
  {
    guard: 'a private address is not connected to', file: 'core/command/https_client.c',
    from: 'if (!address_public(&address->addr)) {', to: 'if (false) {',
    red: ['unit/command/test_https_client'],
  },
  {
    guard: 'a password that was changed meanwhile does not open', file: `${exam}sign_in.c`,
    from: ' WHERE id = ?1 AND state = \'active\' AND password_hash = ?3', to: ' WHERE id = ?1 AND ?3 IS NOT NULL',
    red: ['unit/exam/test_account'],
  },
  {
    guard: 'an SMS code is tried a few times', file: `${exam}code.c`,
    from: ' AND used_at IS NULL AND expires_at > ?3 AND tries < ?4', to: ' AND used_at IS NULL AND expires_at > ?3 AND ?4 > 0',
    red: ['unit/exam/test_code'],
  },
  {
    guard: 'an SMS code is used once', file: `${exam}code.c`,
    from: ' AND used_at IS NULL AND expires_at > ?3', to: ' AND expires_at > ?3',
    red: ['unit/exam/test_code'],
  },
  {
    guard: 'an SMS code ends', file: `${exam}code.c`,
    from: ' AND used_at IS NULL AND expires_at > ?3', to: ' AND used_at IS NULL AND ?3 > 0',
    red: ['unit/exam/test_code'],
  },
  {
    guard: 'SMS codes are rationed', file: `${exam}code.c`,
    from: 'return count >= most ? fail', to: 'return count > most + 1000 ? fail',
    red: ['unit/exam/test_code'],
  },
  {
    guard: 'uploads are rationed', file: `${exam}upload.c`,
    from: 'if (tally.count >= caps[i].count_most)', to: 'if (false)',
    red: ['unit/exam/test_upload'],
  },
];

const rules = [
  {
    guard: 'If-Match is asked for', file: `${api}admission.c`,
    from: 'if (!match)\n\t\treturn fail(&request->error, PRECONDITION_REQUIRED, "api.if_match", NULL);', to: 'if (!match)\n\t\treturn OK;',
    red: ['http/application'],
  },
  {
    guard: 'a full plan takes nobody more', file: `${exam}application.c`,
    from: 'if (taken >= plan->places)', to: 'if (taken < 0)',
    red: ['unit/exam/test_application'],
  },
  {
    guard: 'a correction is of what was approved', file: `${exam}correction.c`,
    from: 'application_expect_event(tx, application, EVENT_CORRECT);', to: 'OK;',
    red: ['http/correction#waits for review'],
  },
  {
    guard: 'a correction is written over nothing that was not seen', file: `${api}office.c`,
    from: 'rc = rc ? rc : application_expect_version(&request->tx, &application, request->if_match);\n\treturn rc ? rc : application_correct', to: 'return rc ? rc : application_correct',
    red: ['http/correction#the version that was seen'],
  },
  {
    guard: 'the approval is pinned to what was corrected', file: `${exam}submission.c`,
    from: 'application->approved_revision = ++application->revision;', to: 'application->revision++;',
    red: ['http/correction#a new revision'],
  },
  {
    guard: 'a book of tickets says what was corrected', file: `${exam}correction.c`,
    from: 'ticketed ? ticket_book_renew(tx, application->plan_id) : OK;', to: 'OK;',
    red: ['http/correction#the book of them'],
  },
  {
    guard: 'who was approved and withdrew does not begin again', file: `${exam}application.c`,
    from: 'return application->approved_revision == 0 &&', to: 'return application->revision >= 0 &&',
    red: ['unit/exam/test_withdrawal'],
  },
  {
    guard: 'nobody withdraws when the fee was due', file: `${exam}withdrawal.c`,
    from: 'if (found.until && tx->now >= found.until)', to: 'if (found.until < 0)',
    red: ['unit/exam/test_withdrawal'],
  },
  {
    guard: 'the fee of who withdraws is not forgotten', file: `${exam}withdrawal.c`,
    from: 'rc = rc ? rc : payment_refund_ask_all(tx, application->id, "withdrawn");', to: '',
    red: ['unit/exam/test_withdrawal'],
  },
  {
    guard: 'what was approved is archived, whoever withdraws', file: `${exam}material.c`,
    from: 'account_id = ?1 AND approved_revision IS NULL"', to: 'account_id = ?1"',
    red: ['unit/exam/test_withdrawal'],
  },
  {
    guard: 'a number of an application is given once', file: `${exam}plan_count.c`,
    from: 'numbered = plan_count.numbered + 1', to: 'numbered = plan_count.numbered',
    red: ['unit/exam/test_erasure'],
  },
  {
    guard: 'places that are taken are counted after', file: `${exam}plan_count.c`,
    from: '" WHERE kept <> counted', to: '" WHERE kept < 0 AND counted',
    red: ['unit/exam/test_plan_count'],
  },
  {
    guard: 'an application is over as soon as its plan is cancelled', file: `${exam}application.c`,
    from: 'cursor_integer(row, 19) ? APPLICATION_CANCELLED : out->written', to: 'out->written',
    red: ['unit/exam/test_plan_cancel'],
  },
  {
    guard: 'a cancelled plan stays so', file: `${exam}plan.c`,
    from: 'if (!plan->cancelled_at)\n\t\treturn OK;\n\treturn fail', to: 'if (true)\n\t\treturn OK;\n\treturn fail',
    red: ['unit/exam/test_plan_cancel'],
  },
  {
    guard: 'what is left of a cancelled plan ends once', file: `${exam}plan_cancel.c`,
    from: 'if (rc || application.written == APPLICATION_CANCELLED)', to: 'if (rc)',
    red: ['unit/exam/test_plan_cancel'],
  },
  {
    guard: 'money for a cancelled plan goes back', file: `${exam}payment_money.c`,
    from: '(money->paid_at || plan.cancelled_at)', to: 'money->paid_at',
    red: ['unit/exam/test_plan_cancel'],
  },
  {
    guard: 'nobody writes over a version that was not seen', file: `${exam}application.c`,
    from: 'if (version == application->version)', to: 'if (version)',
    red: ['http/application'],
  },
  {
    guard: 'a body fits its schema', file: `${api}admission.c`,
    from: 'return rc ? rc : body_validate(request, body);', to: 'request->body = body;\n\treturn rc;',
    red: ['http/application'],
  },
  {
    guard: 'an application moves along its edges only', file: `${base}machine.c`,
    from: 'if (edge->from == from && edge->event == event)', to: 'if ((from, edge->event == event))',
    red: ['unit/exam/test_application_state'],
  },
  {
    guard: 'each edge has those who may take it', file: `${exam}application_state.c`,
    from: 'if (!(edge->actors & (1u << tx->actor.kind)))', to: 'if (false)',
    red: ['unit/exam/test_application_state'],
  },
  {
    guard: 'a plan takes applications in its period', file: `${exam}plan.c`,
    from: 'if (text_equal(plan->state, "published") && plan->apply_from <= tx->now &&\n\t\ttx->now < plan->apply_until)', to: 'if (true)',
    red: ['unit/exam/test_plan'],
  },
  {
    guard: 'a person applies to a plan once', file: `${exam}topics.c`,
    from: 'if (others)', to: 'if (others > 1000)',
    red: ['http/application'],
  },
  {
    guard: 'who is not eligible is refused', file: `${exam}submission.c`,
    from: 'if (!application->manual && text_equal(json_get_text(verdict, "outcome"), "not_met"))', to: 'if (false)',
    red: ['unit/exam/test_submission'],
  },
  {
    guard: 'a reviewer judges what he has claimed', file: `${exam}review_lease.c`,
    from: 'if (others(tx, application))\n\t\treturn refuse_leased(tx, application);\n\tif (!live(tx, application->lease_account, application->lease_until))',
    to: 'if (false)',
    red: ['unit/exam/test_review'],
  },
  {
    guard: 'a lease ends', file: `${exam}review_lease.c`,
    from: 'text_equal(application->lease_account, tx->actor.id) && left * 3 < LIMIT_LEASE * 2;', to: 'left < 0;',
    red: ['unit/exam/test_review'],
  },
  {
    guard: 'only what waits is judged', file: `${exam}review_lease.c`,
    from: 'if (application->state != APPLICATION_REVIEWING)', to: 'if (false)',
    red: ['unit/exam/test_review'],
  },
  {
    guard: 'nobody judges a revision that he has not seen', file: `${exam}review.c`,
    from: 'if (!seen || json_get_integer(body, "revision") == application->revision)', to: 'if (seen || application)',
    red: ['http/desk'],
  },
  {
    guard: 'the audit log tells of a row that was changed', file: `${exam}audit.c`,
    from: '!text_equal(hash, row_hash(scratch, &row)))', to: 'false)',
    red: ['unit/exam/test_audit'],
  },
  {
    guard: 'the audit log tells of a row that is gone', file: `${exam}audit.c`,
    from: 'row.sequence != checked + 1 || !text_equal(row.previous, expected) ||', to: '',
    red: ['unit/exam/test_audit'],
  },
  {
    guard: 'a ticket\'s code bears our mark', file: `${exam}ticket_check.c`,
    from: 'return ours ? number : NULL;', to: 'return ours || number ? number : NULL;',
    red: ['unit/exam/test_ticket_check'],
  },
];

const money = [
  {
    guard: 'a notice of a payment is signed', file: 'core/outbound/wechat_answer.c',
    from: '!rsa_signature_good(pem, signed_text(arena, signature, body), raw))', to: 'false)',
    red: ['unit/outbound/test_wechat'],
  },
  {
    guard: 'an old notice is not believed', file: 'core/outbound/wechat_answer.c',
    from: 'llabs(now / 1000 - timestamp) >= WINDOW_S)', to: 'timestamp > now)',
    red: ['unit/outbound/test_wechat'],
  },
  {
    guard: 'a notice counts once', file: `${exam}payment_notice.c`,
    from: 'if (rc || old)\n\t\treturn rc;', to: 'if (rc)\n\t\treturn rc;',
    red: ['peers/payment'],
  },
  {
    guard: 'another amount is not believed', file: `${exam}payment_notice.c`,
    from: 'if (payment->total_fen == json_get_integer(order, "amount_fen"))', to: 'if (true)',
    red: ['peers/payment#keys that are none|placed after its answer|another merchant'],
  },
  {
    guard: 'a provider shows its certificate', file: 'core/command/https_client.c',
    from: 'CURLOPT_SSL_VERIFYPEER, 1L', to: 'CURLOPT_SSL_VERIFYPEER, 0L',
    red: ['unit/command/test_https_client'],
  },
  {
    guard: 'a provider\'s certificate is for its name', file: 'core/command/https_client.c',
    from: 'CURLOPT_SSL_VERIFYHOST, 2L', to: 'CURLOPT_SSL_VERIFYHOST, 0L',
    red: ['unit/command/test_https_client'],
  },
];

const seals = [
  {
    guard: 'a sealed value that was changed does not open', file: `${base}seal.c`,
    from: 'if (EVP_DecryptFinal_ex(context, out + size, &length) == 1)', to: 'if (true)',
    red: ['unit/base/test_seal'],
  },
  {
    guard: 'a sealed value opens in its own place only', file: `${base}seal.c`,
    from: 'if (!gcm_open(key->secret, sealed.data + HEADER_SIZE, bytes_of(context, strlen(context)),',
    to: 'if (!gcm_open(key->secret, sealed.data + HEADER_SIZE, bytes_of("", 0),',
    red: ['unit/base/test_seal'],
  },
  {
    guard: 'a file that was cut off does not open', file: `${base}seal.c`,
    from: 'return last ? bytes_of("last", 4) : bytes_of("more", 4);', to: 'return (void)last, bytes_of("more", 4);',
    red: ['unit/base/test_seal'],
  },
  {
    guard: 'chunks of a file stand in their order', file: `${base}seal.c`,
    from: 'memset(nonce, 0, NONCE_SIZE);\n\tnumber_write(nonce, number);', to: '(void)number;\n\tmemset(nonce, 0, NONCE_SIZE);',
    red: ['unit/base/test_seal'],
  },
  {
    guard: 'what can be looked up is keyed', file: `${base}seal.c`,
    from: 'hmac_sha256(bytes_of(keys->index_key, SEAL_KEY_SIZE),', to: '(void)keys;\n\thmac_sha256(bytes_of("", 0),',
    red: ['unit/base/test_seal'],
  },
  {
    guard: 'the master key is closed to others', file: 'core/tenant/master_key.c',
    from: 'if (facts.st_mode & forbidden)', to: 'if (false && forbidden)',
    red: ['unit/tenant/test_master_key'],
  },
  {
    guard: 'a plugin package\'s signature holds', file: `${base}signature.c`,
    from: 'return crypto_sign_verify_detached(signature, message.data, message.size, public_key) == 0;',
    to: 'return signature && message.data && public_key;',
    red: ['unit/base/test_signature', 'http/plugin-trust'],
  },
  {
    guard: 'a plugin package is by somebody trusted', file: 'core/plugin/trust.c',
    from: 'if (!rc && !known)', to: 'if (!rc && known < 0)',
    red: ['http/plugin-trust'],
  },
];

const disk = [
  {
    guard: 'fsync before the answer', file: `${store}sqlite.c`,
    from: 'PRAGMA synchronous = FULL;', to: 'PRAGMA synchronous = NORMAL;',
    red: ['unit/store/test_store_faults'],
  },
  {
    guard: 'what a log holds is made durable before more is written', file: `${store}sqlite.c`,
    from: 'code = sqlite_checkpoint_quietly(store);\n\treturn code ? sqlite_fail(store, code, error) : OK;', to: 'return OK;',
    red: ['unit/store/test_store_faults'],
  },
  {
    guard: 'what a killed process left is on the disk before it is read', file: 'core/tenant/tenant.c',
    from: 'store_has_log(premises->database_path) ||', to: '',
    red: ['unit/tenant/test_tenant'],
  },
  {
    guard: 'what applicants were promised binds an operator\'s file', file: `${exam}plan_document.c`,
    from: 'rc = rc ? rc : promises_check(tx, document, &reading);', to: '(void)promises_check;',
    red: ['unit/exam/test_plan'],
  },
  {
    guard: 'a new database\'s name is made durable', file: `${store}sqlite_file.c`,
    from: 'return folder_sync(folder) ? OK : file_trouble(error, "fsync", folder);', to: 'return OK;',
    red: ['unit/store/test_store_faults'],
  },
  {
    guard: 'a master key is made durable before it is used', file: 'core/tenant/master_key.c',
    from: 'written = write(file, key, sizeof key) == (ssize_t)sizeof key && fsync(file) == 0;',
    to: 'written = write(file, key, sizeof key) == (ssize_t)sizeof key;',
    red: ['unit/tenant/test_master_key'],
  },
  {
    guard: 'a failed commit is told to all', file: 'core/tenant/batch.c',
    from: 'rc = store_commit(tenant->premises->writer, error);\n\tif (rc)\n\t\treturn rc;', to: '(void)!store_commit(tenant->premises->writer, error);',
    red: ['unit/tenant/test_queue'],
  },
  {
    guard: 'who is refused leaves nothing behind', file: 'core/tenant/batch.c',
    from: 'if (job->outcome || job->dry) {', to: 'if (job->dry) {',
    red: ['unit/tenant/test_queue'],
  },
  {
    guard: 'who refuses after it has written is run apart', file: 'core/tenant/batch.c',
    from: 'written->tangled = store_changes_ever(db) != changes;', to: '(void)changes;',
    red: ['unit/tenant/test_queue'],
  },
  {
    guard: 'SQL of callers does not end transactions', file: `${store}sqlite_statement.c`,
    from: 'if (!store->judging)\n\t\treturn SQLITE_OK;', to: 'return SQLITE_OK;',
    red: ['unit/store/test_store'],
  },
  {
    guard: 'a full inbox takes no more', file: 'core/tenant/queue.c',
    from: 'return lane->waiting.count < LIMIT_TENANT_INBOX;', to: 'return true;',
    red: ['unit/tenant/test_queue'],
  },
];

const bytes = [
  {
    guard: 'a body has its limit', file: `${net}exchange.c`,
    from: '} else if (reader->body_remaining > body_limit) {', to: '} else if (false) {',
    red: ['http/uploads'],
  },
  {
    guard: 'JSON has a limit of its own', file: `${api}api.c`,
    from: 'match.route->flags & ROUTE_UPLOAD ? LIMIT_SCAN_BYTES : LIMIT_HTTP_JSON_BODY;', to: 'LIMIT_SCAN_BYTES;',
    red: ['http/uploads'],
  },
  {
    guard: 'a chunked body has its limit', file: `${net}body.c`,
    from: 'if (reader->body_remaining > reader->body_limit - reader->body_size)', to: 'if (false)',
    red: ['unit/net/test_reader'],
  },
  {
    guard: 'a large body is let in by its head', file: `${api}dispatch.c`,
    from: 'case STAGE_GATE:\n\t\treturn admit_head(request, &request->touch);', to: 'case STAGE_GATE:\n\t\treturn OK;',
    red: ['http/uploads'],
  },
  {
    guard: 'headers have their limit', file: `${net}head.c`,
    from: 'if (reader->line_count > 0 && end - reader->request_line_end > limits->headers)', to: 'if (false)',
    red: ['unit/net/test_reader'],
  },
  {
    guard: 'two lengths of one body are refused', file: `${net}judgement.c`,
    from: 'if (encoding && length)', to: 'if (false)',
    red: ['unit/net/test_reader'],
  },
  {
    guard: 'a header that counts stands once', file: `${net}judgement.c`,
    from: 'if (may_stand_once_only(message->headers[i].name))', to: 'if (false)',
    red: ['unit/net/test_reader'],
  },
  {
    guard: 'a bare line feed ends no chunk', file: `${net}body.c`,
    from: 'return byte == \'\\n\' ? PROGRESS_DONE : bad_chunk(reader);', to: 'return PROGRESS_DONE;',
    red: ['unit/net/test_reader'],
  },
  {
    guard: 'a path leads nowhere upwards', file: `${net}target.c`,
    from: 'return !(segment[0] == \'.\' && (size == 1 || (size == 2 && segment[1] == \'.\')));', to: 'return segment[0];',
    red: ['unit/net/test_reader'],
  },
  {
    guard: 'only a proxy of ours says for whom it asks', file: `${net}forwarded.c`,
    from: 'if (!peer_trusted)', to: 'if (false)',
    red: ['unit/net/test_connection'],
  },
  {
    guard: 'what is inside is not found through a proxy', file: `${api}api.c`,
    from: 'route->inside && through_proxy(message) ? NULL : route', to: 'route',
    red: ['http/http'],
  },
  {
    guard: 'JSON names nothing twice', file: `${base}json.c`,
    from: 'const char *name = json_is_object(value) ? name_twice(arena, value) : NULL;', to: 'const char *name = NULL;',
    red: ['unit/base/test_json'],
  },
];

const strangers = [
  {
    guard: 'a worker asks the kernel for little', file: 'core/worker/filter.c',
    from: 'scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);', to: 'scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);',
    red: ['unit/worker/test_sandbox'],
  },
  {
    guard: 'a worker is nobody', file: 'core/worker/child.c',
    from: 'if (geteuid() != 0)\n\t\treturn;', to: 'return;',
    red: ['unit/worker/test_sandbox'],
  },
  {
    guard: 'a worker\'s memory has its limit', file: 'core/worker/child.c',
    from: 'if (!KAOWU_SANITIZED)', to: 'if (false && memory_bytes)',
    red: ['plugin/test_hostile'],
  },
  {
    guard: 'what a plugin finds is found twice', file: 'core/plugin/plugin_workers.c',
    from: 'if (!rc && !json_equal(said, again))', to: 'if (false)',
    red: ['http/plugin-hostile'],
  },
  {
    guard: 'a process serves one centre', file: 'core/plugin/plugin_workers.c',
    from: '!(text_equal(hand->tenant, tenant) && text_equal(hand->sha256, sha256))', to: '!((tenant, text_equal(hand->sha256, sha256)))',
    red: ['plugin/test_hostile'],
  },
  {
    guard: 'a plugin\'s file is what was installed', file: 'core/plugin/plugin_workers.c',
    from: 'if (!plugin_file_matches(entry.file, entry.sha256))', to: 'if (false)',
    red: ['plugin/test_hostile'],
  },
  {
    guard: 'a copy of a picture is compared with what came', file: 'core/document/picture_jpeg.c',
    from: 'if (is_coded_as(copy, coded, failed))', to: '(void)is_coded_as;\n\t\tif (coded.size > 0)',
    red: ['unit/document/test_picture'],
  },
  {
    guard: 'a picture\'s scans are counted', file: 'core/document/picture_jpeg.c',
    from: 'if (codec->reader.input_scan_number > LIMIT_PROGRESSIVE_SCANS)', to: 'if (false && codec)',
    red: ['unit/document/test_picture_hostile'],
  },
];

export const guards = [...who, ...rules, ...money, ...seals, ...disk, ...bytes, ...strangers];
