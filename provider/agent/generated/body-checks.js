// Generated from provider/protocol/bodies.ts by `npm run generate`; do not edit.
"use strict";
exports.setUpNode = validate11;
const schema12 = {"type":"object","properties":{"operationId":{"$ref":"#/definitions/OperationId"}},"required":["operationId"],"additionalProperties":false};
const schema13 = {"type":"string","pattern":"^[A-Za-z0-9-]{8,64}$"};
const pattern0 = new RegExp("^[A-Za-z0-9-]{8,64}$", "u");

function validate11(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.operationId === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "operationId"},message:"must have required property '"+"operationId"+"'"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
for(const key0 in data){
if(!(key0 === "operationId")){
const err1 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.operationId !== undefined){
let data0 = data.operationId;
if(typeof data0 === "string"){
if(!pattern0.test(data0)){
const err2 = {instancePath:instancePath+"/operationId",schemaPath:"#/definitions/OperationId/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9-]{8,64}$"},message:"must match pattern \""+"^[A-Za-z0-9-]{8,64}$"+"\""};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
else {
const err3 = {instancePath:instancePath+"/operationId",schemaPath:"#/definitions/OperationId/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
}
else {
const err4 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
validate11.errors = vErrors;
return errors === 0;
}

exports.leaveNode = validate12;
const schema14 = {"type":"object","properties":{"operationId":{"$ref":"#/definitions/OperationId"}},"required":["operationId"],"additionalProperties":false};

function validate12(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.operationId === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "operationId"},message:"must have required property '"+"operationId"+"'"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
for(const key0 in data){
if(!(key0 === "operationId")){
const err1 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.operationId !== undefined){
let data0 = data.operationId;
if(typeof data0 === "string"){
if(!pattern0.test(data0)){
const err2 = {instancePath:instancePath+"/operationId",schemaPath:"#/definitions/OperationId/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9-]{8,64}$"},message:"must match pattern \""+"^[A-Za-z0-9-]{8,64}$"+"\""};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
else {
const err3 = {instancePath:instancePath+"/operationId",schemaPath:"#/definitions/OperationId/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
}
else {
const err4 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
validate12.errors = vErrors;
return errors === 0;
}

exports.checkMesh = validate13;
const schema16 = {"type":"object","properties":{"nodeRange":{"type":"string"},"vmRange":{"type":"string"},"portBase":{"type":"number"},"portCount":{"type":"number"}},"required":["nodeRange","vmRange","portBase","portCount"],"additionalProperties":false};

function validate13(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.nodeRange === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "nodeRange"},message:"must have required property '"+"nodeRange"+"'"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.vmRange === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "vmRange"},message:"must have required property '"+"vmRange"+"'"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(data.portBase === undefined){
const err2 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "portBase"},message:"must have required property '"+"portBase"+"'"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(data.portCount === undefined){
const err3 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "portCount"},message:"must have required property '"+"portCount"+"'"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
for(const key0 in data){
if(!((((key0 === "nodeRange") || (key0 === "vmRange")) || (key0 === "portBase")) || (key0 === "portCount"))){
const err4 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data.nodeRange !== undefined){
if(typeof data.nodeRange !== "string"){
const err5 = {instancePath:instancePath+"/nodeRange",schemaPath:"#/properties/nodeRange/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data.vmRange !== undefined){
if(typeof data.vmRange !== "string"){
const err6 = {instancePath:instancePath+"/vmRange",schemaPath:"#/properties/vmRange/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
if(data.portBase !== undefined){
if(!(typeof data.portBase == "number")){
const err7 = {instancePath:instancePath+"/portBase",schemaPath:"#/properties/portBase/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
if(data.portCount !== undefined){
if(!(typeof data.portCount == "number")){
const err8 = {instancePath:instancePath+"/portCount",schemaPath:"#/properties/portCount/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
}
else {
const err9 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
validate13.errors = vErrors;
return errors === 0;
}

exports.putMesh = validate14;
const schema17 = {"type":"object","properties":{"owner":{"type":"string"},"name":{"type":"string"},"storagePath":{"type":"string","pattern":"^(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+/?$"},"endpoint":{"type":"object","properties":{"address":{"type":"string"},"portBase":{"type":"number"},"portCount":{"type":"number"}},"required":["address","portBase","portCount"],"additionalProperties":false},"found":{"type":"object","properties":{"name":{"type":"string"},"nodeRange":{"type":"string"},"vmRange":{"type":"string"},"mtu":{"type":"number"}},"required":["name","nodeRange","vmRange","mtu"],"additionalProperties":false},"admission":{"type":"object","properties":{"parameters":{"$ref":"#/definitions/MeshParameters"},"voucher":{"$ref":"#/definitions/Voucher"}},"required":["parameters","voucher"],"additionalProperties":false}},"required":["owner","name","storagePath","endpoint"],"additionalProperties":false};
const schema18 = {"type":"object","properties":{"name":{"type":"string"},"meshId":{"type":"string"},"range6":{"type":"string"},"nodeRange":{"type":"string"},"vmRange":{"type":"string"},"mtu":{"type":"number"}},"required":["name","meshId","range6","nodeRange","vmRange","mtu"],"additionalProperties":false};
const schema19 = {"type":"object","properties":{"payload":{"type":"string"},"signature":{"type":"string"},"issuerPublicKey":{"type":"string"}},"required":["payload","signature","issuerPublicKey"],"additionalProperties":false};
const pattern2 = new RegExp("^(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+/?$", "u");

function validate14(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.owner === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "owner"},message:"must have required property '"+"owner"+"'"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.name === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "name"},message:"must have required property '"+"name"+"'"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(data.storagePath === undefined){
const err2 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "storagePath"},message:"must have required property '"+"storagePath"+"'"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(data.endpoint === undefined){
const err3 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "endpoint"},message:"must have required property '"+"endpoint"+"'"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
for(const key0 in data){
if(!((((((key0 === "owner") || (key0 === "name")) || (key0 === "storagePath")) || (key0 === "endpoint")) || (key0 === "found")) || (key0 === "admission"))){
const err4 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data.owner !== undefined){
if(typeof data.owner !== "string"){
const err5 = {instancePath:instancePath+"/owner",schemaPath:"#/properties/owner/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data.name !== undefined){
if(typeof data.name !== "string"){
const err6 = {instancePath:instancePath+"/name",schemaPath:"#/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
if(data.storagePath !== undefined){
let data2 = data.storagePath;
if(typeof data2 === "string"){
if(!pattern2.test(data2)){
const err7 = {instancePath:instancePath+"/storagePath",schemaPath:"#/properties/storagePath/pattern",keyword:"pattern",params:{pattern: "^(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+/?$"},message:"must match pattern \""+"^(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+/?$"+"\""};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
else {
const err8 = {instancePath:instancePath+"/storagePath",schemaPath:"#/properties/storagePath/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
if(data.endpoint !== undefined){
let data3 = data.endpoint;
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
if(data3.address === undefined){
const err9 = {instancePath:instancePath+"/endpoint",schemaPath:"#/properties/endpoint/required",keyword:"required",params:{missingProperty: "address"},message:"must have required property '"+"address"+"'"};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
if(data3.portBase === undefined){
const err10 = {instancePath:instancePath+"/endpoint",schemaPath:"#/properties/endpoint/required",keyword:"required",params:{missingProperty: "portBase"},message:"must have required property '"+"portBase"+"'"};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
if(data3.portCount === undefined){
const err11 = {instancePath:instancePath+"/endpoint",schemaPath:"#/properties/endpoint/required",keyword:"required",params:{missingProperty: "portCount"},message:"must have required property '"+"portCount"+"'"};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
for(const key1 in data3){
if(!(((key1 === "address") || (key1 === "portBase")) || (key1 === "portCount"))){
const err12 = {instancePath:instancePath+"/endpoint",schemaPath:"#/properties/endpoint/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
if(data3.address !== undefined){
if(typeof data3.address !== "string"){
const err13 = {instancePath:instancePath+"/endpoint/address",schemaPath:"#/properties/endpoint/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
if(data3.portBase !== undefined){
if(!(typeof data3.portBase == "number")){
const err14 = {instancePath:instancePath+"/endpoint/portBase",schemaPath:"#/properties/endpoint/properties/portBase/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
if(data3.portCount !== undefined){
if(!(typeof data3.portCount == "number")){
const err15 = {instancePath:instancePath+"/endpoint/portCount",schemaPath:"#/properties/endpoint/properties/portCount/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
}
else {
const err16 = {instancePath:instancePath+"/endpoint",schemaPath:"#/properties/endpoint/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
if(data.found !== undefined){
let data7 = data.found;
if(data7 && typeof data7 == "object" && !Array.isArray(data7)){
if(data7.name === undefined){
const err17 = {instancePath:instancePath+"/found",schemaPath:"#/properties/found/required",keyword:"required",params:{missingProperty: "name"},message:"must have required property '"+"name"+"'"};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
if(data7.nodeRange === undefined){
const err18 = {instancePath:instancePath+"/found",schemaPath:"#/properties/found/required",keyword:"required",params:{missingProperty: "nodeRange"},message:"must have required property '"+"nodeRange"+"'"};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
if(data7.vmRange === undefined){
const err19 = {instancePath:instancePath+"/found",schemaPath:"#/properties/found/required",keyword:"required",params:{missingProperty: "vmRange"},message:"must have required property '"+"vmRange"+"'"};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
if(data7.mtu === undefined){
const err20 = {instancePath:instancePath+"/found",schemaPath:"#/properties/found/required",keyword:"required",params:{missingProperty: "mtu"},message:"must have required property '"+"mtu"+"'"};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
for(const key2 in data7){
if(!((((key2 === "name") || (key2 === "nodeRange")) || (key2 === "vmRange")) || (key2 === "mtu"))){
const err21 = {instancePath:instancePath+"/found",schemaPath:"#/properties/found/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
if(data7.name !== undefined){
if(typeof data7.name !== "string"){
const err22 = {instancePath:instancePath+"/found/name",schemaPath:"#/properties/found/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
if(data7.nodeRange !== undefined){
if(typeof data7.nodeRange !== "string"){
const err23 = {instancePath:instancePath+"/found/nodeRange",schemaPath:"#/properties/found/properties/nodeRange/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
if(data7.vmRange !== undefined){
if(typeof data7.vmRange !== "string"){
const err24 = {instancePath:instancePath+"/found/vmRange",schemaPath:"#/properties/found/properties/vmRange/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
}
if(data7.mtu !== undefined){
if(!(typeof data7.mtu == "number")){
const err25 = {instancePath:instancePath+"/found/mtu",schemaPath:"#/properties/found/properties/mtu/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
}
}
else {
const err26 = {instancePath:instancePath+"/found",schemaPath:"#/properties/found/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
if(data.admission !== undefined){
let data12 = data.admission;
if(data12 && typeof data12 == "object" && !Array.isArray(data12)){
if(data12.parameters === undefined){
const err27 = {instancePath:instancePath+"/admission",schemaPath:"#/properties/admission/required",keyword:"required",params:{missingProperty: "parameters"},message:"must have required property '"+"parameters"+"'"};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
if(data12.voucher === undefined){
const err28 = {instancePath:instancePath+"/admission",schemaPath:"#/properties/admission/required",keyword:"required",params:{missingProperty: "voucher"},message:"must have required property '"+"voucher"+"'"};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
for(const key3 in data12){
if(!((key3 === "parameters") || (key3 === "voucher"))){
const err29 = {instancePath:instancePath+"/admission",schemaPath:"#/properties/admission/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key3},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
}
if(data12.parameters !== undefined){
let data13 = data12.parameters;
if(data13 && typeof data13 == "object" && !Array.isArray(data13)){
if(data13.name === undefined){
const err30 = {instancePath:instancePath+"/admission/parameters",schemaPath:"#/definitions/MeshParameters/required",keyword:"required",params:{missingProperty: "name"},message:"must have required property '"+"name"+"'"};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
if(data13.meshId === undefined){
const err31 = {instancePath:instancePath+"/admission/parameters",schemaPath:"#/definitions/MeshParameters/required",keyword:"required",params:{missingProperty: "meshId"},message:"must have required property '"+"meshId"+"'"};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
if(data13.range6 === undefined){
const err32 = {instancePath:instancePath+"/admission/parameters",schemaPath:"#/definitions/MeshParameters/required",keyword:"required",params:{missingProperty: "range6"},message:"must have required property '"+"range6"+"'"};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
if(data13.nodeRange === undefined){
const err33 = {instancePath:instancePath+"/admission/parameters",schemaPath:"#/definitions/MeshParameters/required",keyword:"required",params:{missingProperty: "nodeRange"},message:"must have required property '"+"nodeRange"+"'"};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
if(data13.vmRange === undefined){
const err34 = {instancePath:instancePath+"/admission/parameters",schemaPath:"#/definitions/MeshParameters/required",keyword:"required",params:{missingProperty: "vmRange"},message:"must have required property '"+"vmRange"+"'"};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
if(data13.mtu === undefined){
const err35 = {instancePath:instancePath+"/admission/parameters",schemaPath:"#/definitions/MeshParameters/required",keyword:"required",params:{missingProperty: "mtu"},message:"must have required property '"+"mtu"+"'"};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
for(const key4 in data13){
if(!((((((key4 === "name") || (key4 === "meshId")) || (key4 === "range6")) || (key4 === "nodeRange")) || (key4 === "vmRange")) || (key4 === "mtu"))){
const err36 = {instancePath:instancePath+"/admission/parameters",schemaPath:"#/definitions/MeshParameters/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key4},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
}
if(data13.name !== undefined){
if(typeof data13.name !== "string"){
const err37 = {instancePath:instancePath+"/admission/parameters/name",schemaPath:"#/definitions/MeshParameters/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
}
if(data13.meshId !== undefined){
if(typeof data13.meshId !== "string"){
const err38 = {instancePath:instancePath+"/admission/parameters/meshId",schemaPath:"#/definitions/MeshParameters/properties/meshId/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
}
if(data13.range6 !== undefined){
if(typeof data13.range6 !== "string"){
const err39 = {instancePath:instancePath+"/admission/parameters/range6",schemaPath:"#/definitions/MeshParameters/properties/range6/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
}
if(data13.nodeRange !== undefined){
if(typeof data13.nodeRange !== "string"){
const err40 = {instancePath:instancePath+"/admission/parameters/nodeRange",schemaPath:"#/definitions/MeshParameters/properties/nodeRange/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
}
if(data13.vmRange !== undefined){
if(typeof data13.vmRange !== "string"){
const err41 = {instancePath:instancePath+"/admission/parameters/vmRange",schemaPath:"#/definitions/MeshParameters/properties/vmRange/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
}
}
if(data13.mtu !== undefined){
if(!(typeof data13.mtu == "number")){
const err42 = {instancePath:instancePath+"/admission/parameters/mtu",schemaPath:"#/definitions/MeshParameters/properties/mtu/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err42];
}
else {
vErrors.push(err42);
}
errors++;
}
}
}
else {
const err43 = {instancePath:instancePath+"/admission/parameters",schemaPath:"#/definitions/MeshParameters/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err43];
}
else {
vErrors.push(err43);
}
errors++;
}
}
if(data12.voucher !== undefined){
let data20 = data12.voucher;
if(data20 && typeof data20 == "object" && !Array.isArray(data20)){
if(data20.payload === undefined){
const err44 = {instancePath:instancePath+"/admission/voucher",schemaPath:"#/definitions/Voucher/required",keyword:"required",params:{missingProperty: "payload"},message:"must have required property '"+"payload"+"'"};
if(vErrors === null){
vErrors = [err44];
}
else {
vErrors.push(err44);
}
errors++;
}
if(data20.signature === undefined){
const err45 = {instancePath:instancePath+"/admission/voucher",schemaPath:"#/definitions/Voucher/required",keyword:"required",params:{missingProperty: "signature"},message:"must have required property '"+"signature"+"'"};
if(vErrors === null){
vErrors = [err45];
}
else {
vErrors.push(err45);
}
errors++;
}
if(data20.issuerPublicKey === undefined){
const err46 = {instancePath:instancePath+"/admission/voucher",schemaPath:"#/definitions/Voucher/required",keyword:"required",params:{missingProperty: "issuerPublicKey"},message:"must have required property '"+"issuerPublicKey"+"'"};
if(vErrors === null){
vErrors = [err46];
}
else {
vErrors.push(err46);
}
errors++;
}
for(const key5 in data20){
if(!(((key5 === "payload") || (key5 === "signature")) || (key5 === "issuerPublicKey"))){
const err47 = {instancePath:instancePath+"/admission/voucher",schemaPath:"#/definitions/Voucher/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key5},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err47];
}
else {
vErrors.push(err47);
}
errors++;
}
}
if(data20.payload !== undefined){
if(typeof data20.payload !== "string"){
const err48 = {instancePath:instancePath+"/admission/voucher/payload",schemaPath:"#/definitions/Voucher/properties/payload/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err48];
}
else {
vErrors.push(err48);
}
errors++;
}
}
if(data20.signature !== undefined){
if(typeof data20.signature !== "string"){
const err49 = {instancePath:instancePath+"/admission/voucher/signature",schemaPath:"#/definitions/Voucher/properties/signature/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err49];
}
else {
vErrors.push(err49);
}
errors++;
}
}
if(data20.issuerPublicKey !== undefined){
if(typeof data20.issuerPublicKey !== "string"){
const err50 = {instancePath:instancePath+"/admission/voucher/issuerPublicKey",schemaPath:"#/definitions/Voucher/properties/issuerPublicKey/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err50];
}
else {
vErrors.push(err50);
}
errors++;
}
}
}
else {
const err51 = {instancePath:instancePath+"/admission/voucher",schemaPath:"#/definitions/Voucher/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err51];
}
else {
vErrors.push(err51);
}
errors++;
}
}
}
else {
const err52 = {instancePath:instancePath+"/admission",schemaPath:"#/properties/admission/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err52];
}
else {
vErrors.push(err52);
}
errors++;
}
}
}
else {
const err53 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err53];
}
else {
vErrors.push(err53);
}
errors++;
}
validate14.errors = vErrors;
return errors === 0;
}

exports.vouch = validate15;
const schema20 = {"type":"object","properties":{"candidate":{"$ref":"#/definitions/NodeIdentity"}},"required":["candidate"],"additionalProperties":false};
const schema21 = {"type":"object","properties":{"nodeId":{"type":"string"},"fingerprint":{"type":"string"},"publicKey":{"type":"string"}},"required":["nodeId","fingerprint","publicKey"],"additionalProperties":false};

function validate15(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.candidate === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "candidate"},message:"must have required property '"+"candidate"+"'"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
for(const key0 in data){
if(!(key0 === "candidate")){
const err1 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.candidate !== undefined){
let data0 = data.candidate;
if(data0 && typeof data0 == "object" && !Array.isArray(data0)){
if(data0.nodeId === undefined){
const err2 = {instancePath:instancePath+"/candidate",schemaPath:"#/definitions/NodeIdentity/required",keyword:"required",params:{missingProperty: "nodeId"},message:"must have required property '"+"nodeId"+"'"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(data0.fingerprint === undefined){
const err3 = {instancePath:instancePath+"/candidate",schemaPath:"#/definitions/NodeIdentity/required",keyword:"required",params:{missingProperty: "fingerprint"},message:"must have required property '"+"fingerprint"+"'"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(data0.publicKey === undefined){
const err4 = {instancePath:instancePath+"/candidate",schemaPath:"#/definitions/NodeIdentity/required",keyword:"required",params:{missingProperty: "publicKey"},message:"must have required property '"+"publicKey"+"'"};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
for(const key1 in data0){
if(!(((key1 === "nodeId") || (key1 === "fingerprint")) || (key1 === "publicKey"))){
const err5 = {instancePath:instancePath+"/candidate",schemaPath:"#/definitions/NodeIdentity/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data0.nodeId !== undefined){
if(typeof data0.nodeId !== "string"){
const err6 = {instancePath:instancePath+"/candidate/nodeId",schemaPath:"#/definitions/NodeIdentity/properties/nodeId/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
if(data0.fingerprint !== undefined){
if(typeof data0.fingerprint !== "string"){
const err7 = {instancePath:instancePath+"/candidate/fingerprint",schemaPath:"#/definitions/NodeIdentity/properties/fingerprint/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
if(data0.publicKey !== undefined){
if(typeof data0.publicKey !== "string"){
const err8 = {instancePath:instancePath+"/candidate/publicKey",schemaPath:"#/definitions/NodeIdentity/properties/publicKey/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
}
else {
const err9 = {instancePath:instancePath+"/candidate",schemaPath:"#/definitions/NodeIdentity/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
}
else {
const err10 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
validate15.errors = vErrors;
return errors === 0;
}

exports.putLink = validate16;
const schema22 = {"type":"object","properties":{"peer":{"$ref":"#/definitions/NodeDescriptor"},"voucher":{"$ref":"#/definitions/Voucher"},"peerPort":{"type":"number"}},"required":["peer","voucher"],"additionalProperties":false};
const schema23 = {"type":"object","properties":{"nodeId":{"type":"string"},"fingerprint":{"type":"string"},"publicKey":{"type":"string"},"name":{"type":"string"},"wireguardPublicKey":{"type":"string"},"meshAddress":{"type":"string"},"meshAddress6":{"type":"string"},"endpointAddress":{"type":"string"}},"required":["endpointAddress","fingerprint","meshAddress","meshAddress6","name","nodeId","publicKey","wireguardPublicKey"],"additionalProperties":false};

function validate16(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.peer === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "peer"},message:"must have required property '"+"peer"+"'"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.voucher === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "voucher"},message:"must have required property '"+"voucher"+"'"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
for(const key0 in data){
if(!(((key0 === "peer") || (key0 === "voucher")) || (key0 === "peerPort"))){
const err2 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.peer !== undefined){
let data0 = data.peer;
if(data0 && typeof data0 == "object" && !Array.isArray(data0)){
if(data0.endpointAddress === undefined){
const err3 = {instancePath:instancePath+"/peer",schemaPath:"#/definitions/NodeDescriptor/required",keyword:"required",params:{missingProperty: "endpointAddress"},message:"must have required property '"+"endpointAddress"+"'"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(data0.fingerprint === undefined){
const err4 = {instancePath:instancePath+"/peer",schemaPath:"#/definitions/NodeDescriptor/required",keyword:"required",params:{missingProperty: "fingerprint"},message:"must have required property '"+"fingerprint"+"'"};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
if(data0.meshAddress === undefined){
const err5 = {instancePath:instancePath+"/peer",schemaPath:"#/definitions/NodeDescriptor/required",keyword:"required",params:{missingProperty: "meshAddress"},message:"must have required property '"+"meshAddress"+"'"};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
if(data0.meshAddress6 === undefined){
const err6 = {instancePath:instancePath+"/peer",schemaPath:"#/definitions/NodeDescriptor/required",keyword:"required",params:{missingProperty: "meshAddress6"},message:"must have required property '"+"meshAddress6"+"'"};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if(data0.name === undefined){
const err7 = {instancePath:instancePath+"/peer",schemaPath:"#/definitions/NodeDescriptor/required",keyword:"required",params:{missingProperty: "name"},message:"must have required property '"+"name"+"'"};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
if(data0.nodeId === undefined){
const err8 = {instancePath:instancePath+"/peer",schemaPath:"#/definitions/NodeDescriptor/required",keyword:"required",params:{missingProperty: "nodeId"},message:"must have required property '"+"nodeId"+"'"};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
if(data0.publicKey === undefined){
const err9 = {instancePath:instancePath+"/peer",schemaPath:"#/definitions/NodeDescriptor/required",keyword:"required",params:{missingProperty: "publicKey"},message:"must have required property '"+"publicKey"+"'"};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
if(data0.wireguardPublicKey === undefined){
const err10 = {instancePath:instancePath+"/peer",schemaPath:"#/definitions/NodeDescriptor/required",keyword:"required",params:{missingProperty: "wireguardPublicKey"},message:"must have required property '"+"wireguardPublicKey"+"'"};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
for(const key1 in data0){
if(!((((((((key1 === "nodeId") || (key1 === "fingerprint")) || (key1 === "publicKey")) || (key1 === "name")) || (key1 === "wireguardPublicKey")) || (key1 === "meshAddress")) || (key1 === "meshAddress6")) || (key1 === "endpointAddress"))){
const err11 = {instancePath:instancePath+"/peer",schemaPath:"#/definitions/NodeDescriptor/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
if(data0.nodeId !== undefined){
if(typeof data0.nodeId !== "string"){
const err12 = {instancePath:instancePath+"/peer/nodeId",schemaPath:"#/definitions/NodeDescriptor/properties/nodeId/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
if(data0.fingerprint !== undefined){
if(typeof data0.fingerprint !== "string"){
const err13 = {instancePath:instancePath+"/peer/fingerprint",schemaPath:"#/definitions/NodeDescriptor/properties/fingerprint/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
if(data0.publicKey !== undefined){
if(typeof data0.publicKey !== "string"){
const err14 = {instancePath:instancePath+"/peer/publicKey",schemaPath:"#/definitions/NodeDescriptor/properties/publicKey/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
if(data0.name !== undefined){
if(typeof data0.name !== "string"){
const err15 = {instancePath:instancePath+"/peer/name",schemaPath:"#/definitions/NodeDescriptor/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
if(data0.wireguardPublicKey !== undefined){
if(typeof data0.wireguardPublicKey !== "string"){
const err16 = {instancePath:instancePath+"/peer/wireguardPublicKey",schemaPath:"#/definitions/NodeDescriptor/properties/wireguardPublicKey/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
if(data0.meshAddress !== undefined){
if(typeof data0.meshAddress !== "string"){
const err17 = {instancePath:instancePath+"/peer/meshAddress",schemaPath:"#/definitions/NodeDescriptor/properties/meshAddress/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
if(data0.meshAddress6 !== undefined){
if(typeof data0.meshAddress6 !== "string"){
const err18 = {instancePath:instancePath+"/peer/meshAddress6",schemaPath:"#/definitions/NodeDescriptor/properties/meshAddress6/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
if(data0.endpointAddress !== undefined){
if(typeof data0.endpointAddress !== "string"){
const err19 = {instancePath:instancePath+"/peer/endpointAddress",schemaPath:"#/definitions/NodeDescriptor/properties/endpointAddress/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
}
else {
const err20 = {instancePath:instancePath+"/peer",schemaPath:"#/definitions/NodeDescriptor/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
if(data.voucher !== undefined){
let data9 = data.voucher;
if(data9 && typeof data9 == "object" && !Array.isArray(data9)){
if(data9.payload === undefined){
const err21 = {instancePath:instancePath+"/voucher",schemaPath:"#/definitions/Voucher/required",keyword:"required",params:{missingProperty: "payload"},message:"must have required property '"+"payload"+"'"};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
if(data9.signature === undefined){
const err22 = {instancePath:instancePath+"/voucher",schemaPath:"#/definitions/Voucher/required",keyword:"required",params:{missingProperty: "signature"},message:"must have required property '"+"signature"+"'"};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
if(data9.issuerPublicKey === undefined){
const err23 = {instancePath:instancePath+"/voucher",schemaPath:"#/definitions/Voucher/required",keyword:"required",params:{missingProperty: "issuerPublicKey"},message:"must have required property '"+"issuerPublicKey"+"'"};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
for(const key2 in data9){
if(!(((key2 === "payload") || (key2 === "signature")) || (key2 === "issuerPublicKey"))){
const err24 = {instancePath:instancePath+"/voucher",schemaPath:"#/definitions/Voucher/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
}
if(data9.payload !== undefined){
if(typeof data9.payload !== "string"){
const err25 = {instancePath:instancePath+"/voucher/payload",schemaPath:"#/definitions/Voucher/properties/payload/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
}
if(data9.signature !== undefined){
if(typeof data9.signature !== "string"){
const err26 = {instancePath:instancePath+"/voucher/signature",schemaPath:"#/definitions/Voucher/properties/signature/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
if(data9.issuerPublicKey !== undefined){
if(typeof data9.issuerPublicKey !== "string"){
const err27 = {instancePath:instancePath+"/voucher/issuerPublicKey",schemaPath:"#/definitions/Voucher/properties/issuerPublicKey/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
}
}
else {
const err28 = {instancePath:instancePath+"/voucher",schemaPath:"#/definitions/Voucher/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
}
if(data.peerPort !== undefined){
if(!(typeof data.peerPort == "number")){
const err29 = {instancePath:instancePath+"/peerPort",schemaPath:"#/properties/peerPort/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
}
}
else {
const err30 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
validate16.errors = vErrors;
return errors === 0;
}

exports.checkVm = validate17;
const schema25 = {"type":"object","properties":{"operationId":{"$ref":"#/definitions/OperationId"},"owner":{"type":"string"},"logicalName":{"type":"string"},"spec":{"$ref":"#/definitions/VmSpec"},"creating":{"type":"boolean"},"allowDataLoss":{"type":"boolean"},"confirmedGoneFrom":{"type":"string"}},"required":["operationId","owner","logicalName","spec","creating","allowDataLoss"],"additionalProperties":false};
const schema27 = {"type":"object","properties":{"name":{"type":"string","pattern":"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"},"vcpus":{"type":"integer","minimum":1,"maximum":512},"memoryBytes":{"type":"integer","minimum":33554432,"maximum":17592186044416},"cpu":{"type":"string","enum":["portable","host"]},"boot":{"$ref":"#/definitions/KernelBoot"},"disks":{"type":"array","items":{"$ref":"#/definitions/DiskSpec"},"maxItems":16},"nics":{"type":"array","items":{"$ref":"#/definitions/NicSpec"},"maxItems":8},"gpus":{"type":"array","items":{"$ref":"#/definitions/GpuReference"},"maxItems":64},"migration":{"$ref":"#/definitions/MigrationSpec"},"powerState":{"type":"string","enum":["running","stopped"]},"restart":{"$ref":"#/definitions/RestartPolicy"}},"required":["name","vcpus","memoryBytes","cpu","disks","nics","migration","powerState"],"additionalProperties":false};
const schema37 = {"type":"object","properties":{"partitionId":{"type":"string","pattern":"^[a-z2-7]{26}$"},"nodeId":{"type":"string","pattern":"^[a-z0-9-]{10,80}$"}},"required":["partitionId","nodeId"],"additionalProperties":false};
const schema42 = {"type":"string","enum":["never","on-failure","always"]};
const func2 = Object.prototype.hasOwnProperty;
const pattern4 = new RegExp("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", "u");
const pattern13 = new RegExp("^[a-z2-7]{26}$", "u");
const pattern14 = new RegExp("^[a-z0-9-]{10,80}$", "u");
const schema28 = {"type":"object","properties":{"kernel":{"$ref":"#/definitions/ContentHash"},"initrd":{"$ref":"#/definitions/ContentHash"},"cmdline":{"type":"string","pattern":"^[\\x20-\\x7e]{0,2000}$"}},"required":["kernel","cmdline"],"additionalProperties":false};
const schema29 = {"type":"string","pattern":"^[0-9a-f]{64}$"};
const pattern5 = new RegExp("^[0-9a-f]{64}$", "u");
const pattern7 = new RegExp("^[\\x20-\\x7e]{0,2000}$", "u");

function validate19(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.kernel === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "kernel"},message:"must have required property '"+"kernel"+"'"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.cmdline === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "cmdline"},message:"must have required property '"+"cmdline"+"'"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
for(const key0 in data){
if(!(((key0 === "kernel") || (key0 === "initrd")) || (key0 === "cmdline"))){
const err2 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.kernel !== undefined){
let data0 = data.kernel;
if(typeof data0 === "string"){
if(!pattern5.test(data0)){
const err3 = {instancePath:instancePath+"/kernel",schemaPath:"#/definitions/ContentHash/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{64}$"},message:"must match pattern \""+"^[0-9a-f]{64}$"+"\""};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
else {
const err4 = {instancePath:instancePath+"/kernel",schemaPath:"#/definitions/ContentHash/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data.initrd !== undefined){
let data1 = data.initrd;
if(typeof data1 === "string"){
if(!pattern5.test(data1)){
const err5 = {instancePath:instancePath+"/initrd",schemaPath:"#/definitions/ContentHash/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{64}$"},message:"must match pattern \""+"^[0-9a-f]{64}$"+"\""};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
else {
const err6 = {instancePath:instancePath+"/initrd",schemaPath:"#/definitions/ContentHash/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
if(data.cmdline !== undefined){
let data2 = data.cmdline;
if(typeof data2 === "string"){
if(!pattern7.test(data2)){
const err7 = {instancePath:instancePath+"/cmdline",schemaPath:"#/properties/cmdline/pattern",keyword:"pattern",params:{pattern: "^[\\x20-\\x7e]{0,2000}$"},message:"must match pattern \""+"^[\\x20-\\x7e]{0,2000}$"+"\""};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
else {
const err8 = {instancePath:instancePath+"/cmdline",schemaPath:"#/properties/cmdline/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
}
else {
const err9 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
validate19.errors = vErrors;
return errors === 0;
}

const schema31 = {"type":"object","properties":{"name":{"type":"string","pattern":"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"},"sizeBytes":{"type":"integer","minimum":1,"maximum":70368744177664},"image":{"$ref":"#/definitions/ContentHash"}},"required":["name","sizeBytes"],"additionalProperties":false};

function validate21(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.name === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "name"},message:"must have required property '"+"name"+"'"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.sizeBytes === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "sizeBytes"},message:"must have required property '"+"sizeBytes"+"'"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
for(const key0 in data){
if(!(((key0 === "name") || (key0 === "sizeBytes")) || (key0 === "image"))){
const err2 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.name !== undefined){
let data0 = data.name;
if(typeof data0 === "string"){
if(!pattern4.test(data0)){
const err3 = {instancePath:instancePath+"/name",schemaPath:"#/properties/name/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"},message:"must match pattern \""+"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"+"\""};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
else {
const err4 = {instancePath:instancePath+"/name",schemaPath:"#/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data.sizeBytes !== undefined){
let data1 = data.sizeBytes;
if(!((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1)))){
const err5 = {instancePath:instancePath+"/sizeBytes",schemaPath:"#/properties/sizeBytes/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
if(typeof data1 == "number"){
if(data1 > 70368744177664 || isNaN(data1)){
const err6 = {instancePath:instancePath+"/sizeBytes",schemaPath:"#/properties/sizeBytes/maximum",keyword:"maximum",params:{comparison: "<=", limit: 70368744177664},message:"must be <= 70368744177664"};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if(data1 < 1 || isNaN(data1)){
const err7 = {instancePath:instancePath+"/sizeBytes",schemaPath:"#/properties/sizeBytes/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
}
if(data.image !== undefined){
let data2 = data.image;
if(typeof data2 === "string"){
if(!pattern5.test(data2)){
const err8 = {instancePath:instancePath+"/image",schemaPath:"#/definitions/ContentHash/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{64}$"},message:"must match pattern \""+"^[0-9a-f]{64}$"+"\""};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
else {
const err9 = {instancePath:instancePath+"/image",schemaPath:"#/definitions/ContentHash/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
}
else {
const err10 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
validate21.errors = vErrors;
return errors === 0;
}

const schema33 = {"anyOf":[{"$ref":"#/definitions/MeshNicSpec"},{"$ref":"#/definitions/BridgeNicSpec"}]};
const schema36 = {"type":"object","properties":{"kind":{"type":"string","const":"bridge"},"bridge":{"type":"string","pattern":"^[A-Za-z0-9][A-Za-z0-9_.-]{0,14}$"},"vlan":{"type":"integer","minimum":1,"maximum":4094}},"required":["kind","bridge"],"additionalProperties":false};
const schema34 = {"type":"object","properties":{"kind":{"type":"string","const":"mesh"},"address":{"type":"string","pattern":"^[0-9]{1,3}([.][0-9]{1,3}){3}$"},"ingress":{"type":"array","items":{"$ref":"#/definitions/IngressRule"}}},"required":["kind","ingress"],"additionalProperties":false};
const schema35 = {"type":"object","properties":{"from":{"type":"string","pattern":"^(nodes|vms|[0-9]{1,3}([.][0-9]{1,3}){3}(/[0-9]{1,2})?)$"},"protocol":{"type":"string","enum":["any","tcp","udp","icmp"]},"firstPort":{"type":"integer","minimum":1,"maximum":65535},"lastPort":{"type":"integer","minimum":1,"maximum":65535}},"required":["from","protocol"],"additionalProperties":false};
const pattern10 = new RegExp("^[0-9]{1,3}([.][0-9]{1,3}){3}$", "u");
const pattern11 = new RegExp("^(nodes|vms|[0-9]{1,3}([.][0-9]{1,3}){3}(/[0-9]{1,2})?)$", "u");

function validate24(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.kind === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "kind"},message:"must have required property '"+"kind"+"'"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.ingress === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "ingress"},message:"must have required property '"+"ingress"+"'"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
for(const key0 in data){
if(!(((key0 === "kind") || (key0 === "address")) || (key0 === "ingress"))){
const err2 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
const err3 = {instancePath:instancePath+"/kind",schemaPath:"#/properties/kind/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if("mesh" !== data0){
const err4 = {instancePath:instancePath+"/kind",schemaPath:"#/properties/kind/const",keyword:"const",params:{allowedValue: "mesh"},message:"must be equal to constant"};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data.address !== undefined){
let data1 = data.address;
if(typeof data1 === "string"){
if(!pattern10.test(data1)){
const err5 = {instancePath:instancePath+"/address",schemaPath:"#/properties/address/pattern",keyword:"pattern",params:{pattern: "^[0-9]{1,3}([.][0-9]{1,3}){3}$"},message:"must match pattern \""+"^[0-9]{1,3}([.][0-9]{1,3}){3}$"+"\""};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
else {
const err6 = {instancePath:instancePath+"/address",schemaPath:"#/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
if(data.ingress !== undefined){
let data2 = data.ingress;
if(Array.isArray(data2)){
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
let data3 = data2[i0];
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
if(data3.from === undefined){
const err7 = {instancePath:instancePath+"/ingress/" + i0,schemaPath:"#/definitions/IngressRule/required",keyword:"required",params:{missingProperty: "from"},message:"must have required property '"+"from"+"'"};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
if(data3.protocol === undefined){
const err8 = {instancePath:instancePath+"/ingress/" + i0,schemaPath:"#/definitions/IngressRule/required",keyword:"required",params:{missingProperty: "protocol"},message:"must have required property '"+"protocol"+"'"};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
for(const key1 in data3){
if(!((((key1 === "from") || (key1 === "protocol")) || (key1 === "firstPort")) || (key1 === "lastPort"))){
const err9 = {instancePath:instancePath+"/ingress/" + i0,schemaPath:"#/definitions/IngressRule/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
if(data3.from !== undefined){
let data4 = data3.from;
if(typeof data4 === "string"){
if(!pattern11.test(data4)){
const err10 = {instancePath:instancePath+"/ingress/" + i0+"/from",schemaPath:"#/definitions/IngressRule/properties/from/pattern",keyword:"pattern",params:{pattern: "^(nodes|vms|[0-9]{1,3}([.][0-9]{1,3}){3}(/[0-9]{1,2})?)$"},message:"must match pattern \""+"^(nodes|vms|[0-9]{1,3}([.][0-9]{1,3}){3}(/[0-9]{1,2})?)$"+"\""};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
else {
const err11 = {instancePath:instancePath+"/ingress/" + i0+"/from",schemaPath:"#/definitions/IngressRule/properties/from/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
if(data3.protocol !== undefined){
let data5 = data3.protocol;
if(typeof data5 !== "string"){
const err12 = {instancePath:instancePath+"/ingress/" + i0+"/protocol",schemaPath:"#/definitions/IngressRule/properties/protocol/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
if(!((((data5 === "any") || (data5 === "tcp")) || (data5 === "udp")) || (data5 === "icmp"))){
const err13 = {instancePath:instancePath+"/ingress/" + i0+"/protocol",schemaPath:"#/definitions/IngressRule/properties/protocol/enum",keyword:"enum",params:{allowedValues: schema35.properties.protocol.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
if(data3.firstPort !== undefined){
let data6 = data3.firstPort;
if(!((typeof data6 == "number") && (!(data6 % 1) && !isNaN(data6)))){
const err14 = {instancePath:instancePath+"/ingress/" + i0+"/firstPort",schemaPath:"#/definitions/IngressRule/properties/firstPort/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
if(typeof data6 == "number"){
if(data6 > 65535 || isNaN(data6)){
const err15 = {instancePath:instancePath+"/ingress/" + i0+"/firstPort",schemaPath:"#/definitions/IngressRule/properties/firstPort/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65535},message:"must be <= 65535"};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
if(data6 < 1 || isNaN(data6)){
const err16 = {instancePath:instancePath+"/ingress/" + i0+"/firstPort",schemaPath:"#/definitions/IngressRule/properties/firstPort/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
}
if(data3.lastPort !== undefined){
let data7 = data3.lastPort;
if(!((typeof data7 == "number") && (!(data7 % 1) && !isNaN(data7)))){
const err17 = {instancePath:instancePath+"/ingress/" + i0+"/lastPort",schemaPath:"#/definitions/IngressRule/properties/lastPort/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
if(typeof data7 == "number"){
if(data7 > 65535 || isNaN(data7)){
const err18 = {instancePath:instancePath+"/ingress/" + i0+"/lastPort",schemaPath:"#/definitions/IngressRule/properties/lastPort/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65535},message:"must be <= 65535"};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
if(data7 < 1 || isNaN(data7)){
const err19 = {instancePath:instancePath+"/ingress/" + i0+"/lastPort",schemaPath:"#/definitions/IngressRule/properties/lastPort/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
}
}
else {
const err20 = {instancePath:instancePath+"/ingress/" + i0,schemaPath:"#/definitions/IngressRule/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
}
else {
const err21 = {instancePath:instancePath+"/ingress",schemaPath:"#/properties/ingress/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
}
else {
const err22 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
validate24.errors = vErrors;
return errors === 0;
}

const pattern12 = new RegExp("^[A-Za-z0-9][A-Za-z0-9_.-]{0,14}$", "u");

function validate23(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
const _errs0 = errors;
let valid0 = false;
const _errs1 = errors;
if(!(validate24(data, {instancePath,parentData,parentDataProperty,rootData}))){
vErrors = vErrors === null ? validate24.errors : vErrors.concat(validate24.errors);
errors = vErrors.length;
}
var _valid0 = _errs1 === errors;
valid0 = valid0 || _valid0;
if(!valid0){
const _errs2 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.kind === undefined){
const err0 = {instancePath,schemaPath:"#/definitions/BridgeNicSpec/required",keyword:"required",params:{missingProperty: "kind"},message:"must have required property '"+"kind"+"'"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.bridge === undefined){
const err1 = {instancePath,schemaPath:"#/definitions/BridgeNicSpec/required",keyword:"required",params:{missingProperty: "bridge"},message:"must have required property '"+"bridge"+"'"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
for(const key0 in data){
if(!(((key0 === "kind") || (key0 === "bridge")) || (key0 === "vlan"))){
const err2 = {instancePath,schemaPath:"#/definitions/BridgeNicSpec/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
const err3 = {instancePath:instancePath+"/kind",schemaPath:"#/definitions/BridgeNicSpec/properties/kind/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if("bridge" !== data0){
const err4 = {instancePath:instancePath+"/kind",schemaPath:"#/definitions/BridgeNicSpec/properties/kind/const",keyword:"const",params:{allowedValue: "bridge"},message:"must be equal to constant"};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data.bridge !== undefined){
let data1 = data.bridge;
if(typeof data1 === "string"){
if(!pattern12.test(data1)){
const err5 = {instancePath:instancePath+"/bridge",schemaPath:"#/definitions/BridgeNicSpec/properties/bridge/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9][A-Za-z0-9_.-]{0,14}$"},message:"must match pattern \""+"^[A-Za-z0-9][A-Za-z0-9_.-]{0,14}$"+"\""};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
else {
const err6 = {instancePath:instancePath+"/bridge",schemaPath:"#/definitions/BridgeNicSpec/properties/bridge/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
if(data.vlan !== undefined){
let data2 = data.vlan;
if(!((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2)))){
const err7 = {instancePath:instancePath+"/vlan",schemaPath:"#/definitions/BridgeNicSpec/properties/vlan/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
if(typeof data2 == "number"){
if(data2 > 4094 || isNaN(data2)){
const err8 = {instancePath:instancePath+"/vlan",schemaPath:"#/definitions/BridgeNicSpec/properties/vlan/maximum",keyword:"maximum",params:{comparison: "<=", limit: 4094},message:"must be <= 4094"};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
if(data2 < 1 || isNaN(data2)){
const err9 = {instancePath:instancePath+"/vlan",schemaPath:"#/definitions/BridgeNicSpec/properties/vlan/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
}
}
else {
const err10 = {instancePath,schemaPath:"#/definitions/BridgeNicSpec/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
var _valid0 = _errs2 === errors;
valid0 = valid0 || _valid0;
}
if(!valid0){
const err11 = {instancePath,schemaPath:"#/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
else {
errors = _errs0;
if(vErrors !== null){
if(_errs0){
vErrors.length = _errs0;
}
else {
vErrors = null;
}
}
}
validate23.errors = vErrors;
return errors === 0;
}

const schema38 = {"type":"object","properties":{"downtimeLimitMs":{"type":"number","minimum":1,"maximum":60000},"maxBandwidthBytesPerSecond":{"type":"number","minimum":1,"maximum":125000000000},"mode":{"$ref":"#/definitions/MigrationMode"},"transport":{"$ref":"#/definitions/MigrationTransport"},"deadlineMs":{"type":"number","minimum":1},"onDeadline":{"$ref":"#/definitions/OnDeadline"},"stallTimeoutMs":{"type":"number","minimum":1},"shutdownTimeoutMs":{"type":"number","minimum":1}},"required":["downtimeLimitMs"],"additionalProperties":false};
const schema39 = {"type":"string","enum":["live","cold","forbid"]};
const schema40 = {"type":"string","enum":["mesh","auto"]};
const schema41 = {"type":"string","enum":["cancel","stop","auto-converge"]};

function validate27(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.downtimeLimitMs === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "downtimeLimitMs"},message:"must have required property '"+"downtimeLimitMs"+"'"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
for(const key0 in data){
if(!((((((((key0 === "downtimeLimitMs") || (key0 === "maxBandwidthBytesPerSecond")) || (key0 === "mode")) || (key0 === "transport")) || (key0 === "deadlineMs")) || (key0 === "onDeadline")) || (key0 === "stallTimeoutMs")) || (key0 === "shutdownTimeoutMs"))){
const err1 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.downtimeLimitMs !== undefined){
let data0 = data.downtimeLimitMs;
if(typeof data0 == "number"){
if(data0 > 60000 || isNaN(data0)){
const err2 = {instancePath:instancePath+"/downtimeLimitMs",schemaPath:"#/properties/downtimeLimitMs/maximum",keyword:"maximum",params:{comparison: "<=", limit: 60000},message:"must be <= 60000"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(data0 < 1 || isNaN(data0)){
const err3 = {instancePath:instancePath+"/downtimeLimitMs",schemaPath:"#/properties/downtimeLimitMs/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
else {
const err4 = {instancePath:instancePath+"/downtimeLimitMs",schemaPath:"#/properties/downtimeLimitMs/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data.maxBandwidthBytesPerSecond !== undefined){
let data1 = data.maxBandwidthBytesPerSecond;
if(typeof data1 == "number"){
if(data1 > 125000000000 || isNaN(data1)){
const err5 = {instancePath:instancePath+"/maxBandwidthBytesPerSecond",schemaPath:"#/properties/maxBandwidthBytesPerSecond/maximum",keyword:"maximum",params:{comparison: "<=", limit: 125000000000},message:"must be <= 125000000000"};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
if(data1 < 1 || isNaN(data1)){
const err6 = {instancePath:instancePath+"/maxBandwidthBytesPerSecond",schemaPath:"#/properties/maxBandwidthBytesPerSecond/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
else {
const err7 = {instancePath:instancePath+"/maxBandwidthBytesPerSecond",schemaPath:"#/properties/maxBandwidthBytesPerSecond/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
if(data.mode !== undefined){
let data2 = data.mode;
if(typeof data2 !== "string"){
const err8 = {instancePath:instancePath+"/mode",schemaPath:"#/definitions/MigrationMode/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
if(!(((data2 === "live") || (data2 === "cold")) || (data2 === "forbid"))){
const err9 = {instancePath:instancePath+"/mode",schemaPath:"#/definitions/MigrationMode/enum",keyword:"enum",params:{allowedValues: schema39.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
if(data.transport !== undefined){
let data3 = data.transport;
if(typeof data3 !== "string"){
const err10 = {instancePath:instancePath+"/transport",schemaPath:"#/definitions/MigrationTransport/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
if(!((data3 === "mesh") || (data3 === "auto"))){
const err11 = {instancePath:instancePath+"/transport",schemaPath:"#/definitions/MigrationTransport/enum",keyword:"enum",params:{allowedValues: schema40.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
if(data.deadlineMs !== undefined){
let data4 = data.deadlineMs;
if(typeof data4 == "number"){
if(data4 < 1 || isNaN(data4)){
const err12 = {instancePath:instancePath+"/deadlineMs",schemaPath:"#/properties/deadlineMs/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
else {
const err13 = {instancePath:instancePath+"/deadlineMs",schemaPath:"#/properties/deadlineMs/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
if(data.onDeadline !== undefined){
let data5 = data.onDeadline;
if(typeof data5 !== "string"){
const err14 = {instancePath:instancePath+"/onDeadline",schemaPath:"#/definitions/OnDeadline/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
if(!(((data5 === "cancel") || (data5 === "stop")) || (data5 === "auto-converge"))){
const err15 = {instancePath:instancePath+"/onDeadline",schemaPath:"#/definitions/OnDeadline/enum",keyword:"enum",params:{allowedValues: schema41.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
if(data.stallTimeoutMs !== undefined){
let data6 = data.stallTimeoutMs;
if(typeof data6 == "number"){
if(data6 < 1 || isNaN(data6)){
const err16 = {instancePath:instancePath+"/stallTimeoutMs",schemaPath:"#/properties/stallTimeoutMs/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
else {
const err17 = {instancePath:instancePath+"/stallTimeoutMs",schemaPath:"#/properties/stallTimeoutMs/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
if(data.shutdownTimeoutMs !== undefined){
let data7 = data.shutdownTimeoutMs;
if(typeof data7 == "number"){
if(data7 < 1 || isNaN(data7)){
const err18 = {instancePath:instancePath+"/shutdownTimeoutMs",schemaPath:"#/properties/shutdownTimeoutMs/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
else {
const err19 = {instancePath:instancePath+"/shutdownTimeoutMs",schemaPath:"#/properties/shutdownTimeoutMs/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
}
else {
const err20 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
validate27.errors = vErrors;
return errors === 0;
}


function validate18(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.name === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "name"},message:"must have required property '"+"name"+"'"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.vcpus === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "vcpus"},message:"must have required property '"+"vcpus"+"'"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(data.memoryBytes === undefined){
const err2 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "memoryBytes"},message:"must have required property '"+"memoryBytes"+"'"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(data.cpu === undefined){
const err3 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "cpu"},message:"must have required property '"+"cpu"+"'"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(data.disks === undefined){
const err4 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "disks"},message:"must have required property '"+"disks"+"'"};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
if(data.nics === undefined){
const err5 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "nics"},message:"must have required property '"+"nics"+"'"};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
if(data.migration === undefined){
const err6 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "migration"},message:"must have required property '"+"migration"+"'"};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if(data.powerState === undefined){
const err7 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "powerState"},message:"must have required property '"+"powerState"+"'"};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
for(const key0 in data){
if(!(func2.call(schema27.properties, key0))){
const err8 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
if(data.name !== undefined){
let data0 = data.name;
if(typeof data0 === "string"){
if(!pattern4.test(data0)){
const err9 = {instancePath:instancePath+"/name",schemaPath:"#/properties/name/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"},message:"must match pattern \""+"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"+"\""};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
else {
const err10 = {instancePath:instancePath+"/name",schemaPath:"#/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
if(data.vcpus !== undefined){
let data1 = data.vcpus;
if(!((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1)))){
const err11 = {instancePath:instancePath+"/vcpus",schemaPath:"#/properties/vcpus/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
if(typeof data1 == "number"){
if(data1 > 512 || isNaN(data1)){
const err12 = {instancePath:instancePath+"/vcpus",schemaPath:"#/properties/vcpus/maximum",keyword:"maximum",params:{comparison: "<=", limit: 512},message:"must be <= 512"};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
if(data1 < 1 || isNaN(data1)){
const err13 = {instancePath:instancePath+"/vcpus",schemaPath:"#/properties/vcpus/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
}
if(data.memoryBytes !== undefined){
let data2 = data.memoryBytes;
if(!((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2)))){
const err14 = {instancePath:instancePath+"/memoryBytes",schemaPath:"#/properties/memoryBytes/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
if(typeof data2 == "number"){
if(data2 > 17592186044416 || isNaN(data2)){
const err15 = {instancePath:instancePath+"/memoryBytes",schemaPath:"#/properties/memoryBytes/maximum",keyword:"maximum",params:{comparison: "<=", limit: 17592186044416},message:"must be <= 17592186044416"};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
if(data2 < 33554432 || isNaN(data2)){
const err16 = {instancePath:instancePath+"/memoryBytes",schemaPath:"#/properties/memoryBytes/minimum",keyword:"minimum",params:{comparison: ">=", limit: 33554432},message:"must be >= 33554432"};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
}
if(data.cpu !== undefined){
let data3 = data.cpu;
if(typeof data3 !== "string"){
const err17 = {instancePath:instancePath+"/cpu",schemaPath:"#/properties/cpu/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
if(!((data3 === "portable") || (data3 === "host"))){
const err18 = {instancePath:instancePath+"/cpu",schemaPath:"#/properties/cpu/enum",keyword:"enum",params:{allowedValues: schema27.properties.cpu.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
if(data.boot !== undefined){
if(!(validate19(data.boot, {instancePath:instancePath+"/boot",parentData:data,parentDataProperty:"boot",rootData}))){
vErrors = vErrors === null ? validate19.errors : vErrors.concat(validate19.errors);
errors = vErrors.length;
}
}
if(data.disks !== undefined){
let data5 = data.disks;
if(Array.isArray(data5)){
if(data5.length > 16){
const err19 = {instancePath:instancePath+"/disks",schemaPath:"#/properties/disks/maxItems",keyword:"maxItems",params:{limit: 16},message:"must NOT have more than 16 items"};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
const len0 = data5.length;
for(let i0=0; i0<len0; i0++){
if(!(validate21(data5[i0], {instancePath:instancePath+"/disks/" + i0,parentData:data5,parentDataProperty:i0,rootData}))){
vErrors = vErrors === null ? validate21.errors : vErrors.concat(validate21.errors);
errors = vErrors.length;
}
}
}
else {
const err20 = {instancePath:instancePath+"/disks",schemaPath:"#/properties/disks/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
if(data.nics !== undefined){
let data7 = data.nics;
if(Array.isArray(data7)){
if(data7.length > 8){
const err21 = {instancePath:instancePath+"/nics",schemaPath:"#/properties/nics/maxItems",keyword:"maxItems",params:{limit: 8},message:"must NOT have more than 8 items"};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
const len1 = data7.length;
for(let i1=0; i1<len1; i1++){
if(!(validate23(data7[i1], {instancePath:instancePath+"/nics/" + i1,parentData:data7,parentDataProperty:i1,rootData}))){
vErrors = vErrors === null ? validate23.errors : vErrors.concat(validate23.errors);
errors = vErrors.length;
}
}
}
else {
const err22 = {instancePath:instancePath+"/nics",schemaPath:"#/properties/nics/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
if(data.gpus !== undefined){
let data9 = data.gpus;
if(Array.isArray(data9)){
if(data9.length > 64){
const err23 = {instancePath:instancePath+"/gpus",schemaPath:"#/properties/gpus/maxItems",keyword:"maxItems",params:{limit: 64},message:"must NOT have more than 64 items"};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
const len2 = data9.length;
for(let i2=0; i2<len2; i2++){
let data10 = data9[i2];
if(data10 && typeof data10 == "object" && !Array.isArray(data10)){
if(data10.partitionId === undefined){
const err24 = {instancePath:instancePath+"/gpus/" + i2,schemaPath:"#/definitions/GpuReference/required",keyword:"required",params:{missingProperty: "partitionId"},message:"must have required property '"+"partitionId"+"'"};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
if(data10.nodeId === undefined){
const err25 = {instancePath:instancePath+"/gpus/" + i2,schemaPath:"#/definitions/GpuReference/required",keyword:"required",params:{missingProperty: "nodeId"},message:"must have required property '"+"nodeId"+"'"};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
for(const key1 in data10){
if(!((key1 === "partitionId") || (key1 === "nodeId"))){
const err26 = {instancePath:instancePath+"/gpus/" + i2,schemaPath:"#/definitions/GpuReference/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
if(data10.partitionId !== undefined){
let data11 = data10.partitionId;
if(typeof data11 === "string"){
if(!pattern13.test(data11)){
const err27 = {instancePath:instancePath+"/gpus/" + i2+"/partitionId",schemaPath:"#/definitions/GpuReference/properties/partitionId/pattern",keyword:"pattern",params:{pattern: "^[a-z2-7]{26}$"},message:"must match pattern \""+"^[a-z2-7]{26}$"+"\""};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
}
else {
const err28 = {instancePath:instancePath+"/gpus/" + i2+"/partitionId",schemaPath:"#/definitions/GpuReference/properties/partitionId/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
}
if(data10.nodeId !== undefined){
let data12 = data10.nodeId;
if(typeof data12 === "string"){
if(!pattern14.test(data12)){
const err29 = {instancePath:instancePath+"/gpus/" + i2+"/nodeId",schemaPath:"#/definitions/GpuReference/properties/nodeId/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9-]{10,80}$"},message:"must match pattern \""+"^[a-z0-9-]{10,80}$"+"\""};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
}
else {
const err30 = {instancePath:instancePath+"/gpus/" + i2+"/nodeId",schemaPath:"#/definitions/GpuReference/properties/nodeId/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
}
}
else {
const err31 = {instancePath:instancePath+"/gpus/" + i2,schemaPath:"#/definitions/GpuReference/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
}
}
else {
const err32 = {instancePath:instancePath+"/gpus",schemaPath:"#/properties/gpus/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
}
if(data.migration !== undefined){
if(!(validate27(data.migration, {instancePath:instancePath+"/migration",parentData:data,parentDataProperty:"migration",rootData}))){
vErrors = vErrors === null ? validate27.errors : vErrors.concat(validate27.errors);
errors = vErrors.length;
}
}
if(data.powerState !== undefined){
let data14 = data.powerState;
if(typeof data14 !== "string"){
const err33 = {instancePath:instancePath+"/powerState",schemaPath:"#/properties/powerState/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
if(!((data14 === "running") || (data14 === "stopped"))){
const err34 = {instancePath:instancePath+"/powerState",schemaPath:"#/properties/powerState/enum",keyword:"enum",params:{allowedValues: schema27.properties.powerState.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
}
if(data.restart !== undefined){
let data15 = data.restart;
if(typeof data15 !== "string"){
const err35 = {instancePath:instancePath+"/restart",schemaPath:"#/definitions/RestartPolicy/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
if(!(((data15 === "never") || (data15 === "on-failure")) || (data15 === "always"))){
const err36 = {instancePath:instancePath+"/restart",schemaPath:"#/definitions/RestartPolicy/enum",keyword:"enum",params:{allowedValues: schema42.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
}
}
else {
const err37 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
validate18.errors = vErrors;
return errors === 0;
}


function validate17(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.operationId === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "operationId"},message:"must have required property '"+"operationId"+"'"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.owner === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "owner"},message:"must have required property '"+"owner"+"'"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(data.logicalName === undefined){
const err2 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "logicalName"},message:"must have required property '"+"logicalName"+"'"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(data.spec === undefined){
const err3 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "spec"},message:"must have required property '"+"spec"+"'"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(data.creating === undefined){
const err4 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "creating"},message:"must have required property '"+"creating"+"'"};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
if(data.allowDataLoss === undefined){
const err5 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "allowDataLoss"},message:"must have required property '"+"allowDataLoss"+"'"};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
for(const key0 in data){
if(!(((((((key0 === "operationId") || (key0 === "owner")) || (key0 === "logicalName")) || (key0 === "spec")) || (key0 === "creating")) || (key0 === "allowDataLoss")) || (key0 === "confirmedGoneFrom"))){
const err6 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
if(data.operationId !== undefined){
let data0 = data.operationId;
if(typeof data0 === "string"){
if(!pattern0.test(data0)){
const err7 = {instancePath:instancePath+"/operationId",schemaPath:"#/definitions/OperationId/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9-]{8,64}$"},message:"must match pattern \""+"^[A-Za-z0-9-]{8,64}$"+"\""};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
else {
const err8 = {instancePath:instancePath+"/operationId",schemaPath:"#/definitions/OperationId/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
if(data.owner !== undefined){
if(typeof data.owner !== "string"){
const err9 = {instancePath:instancePath+"/owner",schemaPath:"#/properties/owner/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
if(data.logicalName !== undefined){
if(typeof data.logicalName !== "string"){
const err10 = {instancePath:instancePath+"/logicalName",schemaPath:"#/properties/logicalName/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
if(data.spec !== undefined){
if(!(validate18(data.spec, {instancePath:instancePath+"/spec",parentData:data,parentDataProperty:"spec",rootData}))){
vErrors = vErrors === null ? validate18.errors : vErrors.concat(validate18.errors);
errors = vErrors.length;
}
}
if(data.creating !== undefined){
if(typeof data.creating !== "boolean"){
const err11 = {instancePath:instancePath+"/creating",schemaPath:"#/properties/creating/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
if(data.allowDataLoss !== undefined){
if(typeof data.allowDataLoss !== "boolean"){
const err12 = {instancePath:instancePath+"/allowDataLoss",schemaPath:"#/properties/allowDataLoss/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
if(data.confirmedGoneFrom !== undefined){
if(typeof data.confirmedGoneFrom !== "string"){
const err13 = {instancePath:instancePath+"/confirmedGoneFrom",schemaPath:"#/properties/confirmedGoneFrom/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
}
else {
const err14 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
validate17.errors = vErrors;
return errors === 0;
}

exports.putVm = validate30;

function validate30(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.operationId === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "operationId"},message:"must have required property '"+"operationId"+"'"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.owner === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "owner"},message:"must have required property '"+"owner"+"'"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(data.logicalName === undefined){
const err2 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "logicalName"},message:"must have required property '"+"logicalName"+"'"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(data.spec === undefined){
const err3 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "spec"},message:"must have required property '"+"spec"+"'"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(data.creating === undefined){
const err4 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "creating"},message:"must have required property '"+"creating"+"'"};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
if(data.allowDataLoss === undefined){
const err5 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "allowDataLoss"},message:"must have required property '"+"allowDataLoss"+"'"};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
for(const key0 in data){
if(!(((((((key0 === "operationId") || (key0 === "owner")) || (key0 === "logicalName")) || (key0 === "spec")) || (key0 === "creating")) || (key0 === "allowDataLoss")) || (key0 === "confirmedGoneFrom"))){
const err6 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
if(data.operationId !== undefined){
let data0 = data.operationId;
if(typeof data0 === "string"){
if(!pattern0.test(data0)){
const err7 = {instancePath:instancePath+"/operationId",schemaPath:"#/definitions/OperationId/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9-]{8,64}$"},message:"must match pattern \""+"^[A-Za-z0-9-]{8,64}$"+"\""};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
else {
const err8 = {instancePath:instancePath+"/operationId",schemaPath:"#/definitions/OperationId/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
if(data.owner !== undefined){
if(typeof data.owner !== "string"){
const err9 = {instancePath:instancePath+"/owner",schemaPath:"#/properties/owner/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
if(data.logicalName !== undefined){
if(typeof data.logicalName !== "string"){
const err10 = {instancePath:instancePath+"/logicalName",schemaPath:"#/properties/logicalName/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
if(data.spec !== undefined){
if(!(validate18(data.spec, {instancePath:instancePath+"/spec",parentData:data,parentDataProperty:"spec",rootData}))){
vErrors = vErrors === null ? validate18.errors : vErrors.concat(validate18.errors);
errors = vErrors.length;
}
}
if(data.creating !== undefined){
if(typeof data.creating !== "boolean"){
const err11 = {instancePath:instancePath+"/creating",schemaPath:"#/properties/creating/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
if(data.allowDataLoss !== undefined){
if(typeof data.allowDataLoss !== "boolean"){
const err12 = {instancePath:instancePath+"/allowDataLoss",schemaPath:"#/properties/allowDataLoss/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
if(data.confirmedGoneFrom !== undefined){
if(typeof data.confirmedGoneFrom !== "string"){
const err13 = {instancePath:instancePath+"/confirmedGoneFrom",schemaPath:"#/properties/confirmedGoneFrom/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
}
else {
const err14 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
validate30.errors = vErrors;
return errors === 0;
}

exports.deleteVm = validate32;
const schema45 = {"type":"object","properties":{"operationId":{"$ref":"#/definitions/OperationId"},"owner":{"type":"string"},"incarnation":{"type":"number"}},"required":["operationId","owner","incarnation"],"additionalProperties":false};

function validate32(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.operationId === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "operationId"},message:"must have required property '"+"operationId"+"'"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.owner === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "owner"},message:"must have required property '"+"owner"+"'"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(data.incarnation === undefined){
const err2 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "incarnation"},message:"must have required property '"+"incarnation"+"'"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
for(const key0 in data){
if(!(((key0 === "operationId") || (key0 === "owner")) || (key0 === "incarnation"))){
const err3 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
if(data.operationId !== undefined){
let data0 = data.operationId;
if(typeof data0 === "string"){
if(!pattern0.test(data0)){
const err4 = {instancePath:instancePath+"/operationId",schemaPath:"#/definitions/OperationId/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9-]{8,64}$"},message:"must match pattern \""+"^[A-Za-z0-9-]{8,64}$"+"\""};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
else {
const err5 = {instancePath:instancePath+"/operationId",schemaPath:"#/definitions/OperationId/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data.owner !== undefined){
if(typeof data.owner !== "string"){
const err6 = {instancePath:instancePath+"/owner",schemaPath:"#/properties/owner/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
if(data.incarnation !== undefined){
if(!(typeof data.incarnation == "number")){
const err7 = {instancePath:instancePath+"/incarnation",schemaPath:"#/properties/incarnation/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
}
else {
const err8 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
validate32.errors = vErrors;
return errors === 0;
}

exports.checkMove = validate33;
const schema47 = {"type":"object","properties":{"vmId":{"type":"string"},"vcpus":{"type":"number"},"memoryBytes":{"type":"number"},"diskBytes":{"type":"number"},"machine":{"type":"string"},"cpuModel":{"type":"string"},"accelerator":{"type":"string","enum":["kvm","tcg"]},"qemuVersion":{"type":"string"},"bridges":{"type":"array","items":{"type":"string"}},"meshId":{"type":"string"},"gpus":{"type":"array","items":{"$ref":"#/definitions/GpuReference"},"maxItems":64}},"required":["vmId","vcpus","memoryBytes","diskBytes","machine","cpuModel","accelerator","qemuVersion","bridges"],"additionalProperties":false};

function validate33(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.vmId === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "vmId"},message:"must have required property '"+"vmId"+"'"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.vcpus === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "vcpus"},message:"must have required property '"+"vcpus"+"'"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(data.memoryBytes === undefined){
const err2 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "memoryBytes"},message:"must have required property '"+"memoryBytes"+"'"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(data.diskBytes === undefined){
const err3 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "diskBytes"},message:"must have required property '"+"diskBytes"+"'"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(data.machine === undefined){
const err4 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "machine"},message:"must have required property '"+"machine"+"'"};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
if(data.cpuModel === undefined){
const err5 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "cpuModel"},message:"must have required property '"+"cpuModel"+"'"};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
if(data.accelerator === undefined){
const err6 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "accelerator"},message:"must have required property '"+"accelerator"+"'"};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if(data.qemuVersion === undefined){
const err7 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "qemuVersion"},message:"must have required property '"+"qemuVersion"+"'"};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
if(data.bridges === undefined){
const err8 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "bridges"},message:"must have required property '"+"bridges"+"'"};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
for(const key0 in data){
if(!(func2.call(schema47.properties, key0))){
const err9 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
if(data.vmId !== undefined){
if(typeof data.vmId !== "string"){
const err10 = {instancePath:instancePath+"/vmId",schemaPath:"#/properties/vmId/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
if(data.vcpus !== undefined){
if(!(typeof data.vcpus == "number")){
const err11 = {instancePath:instancePath+"/vcpus",schemaPath:"#/properties/vcpus/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
if(data.memoryBytes !== undefined){
if(!(typeof data.memoryBytes == "number")){
const err12 = {instancePath:instancePath+"/memoryBytes",schemaPath:"#/properties/memoryBytes/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
if(data.diskBytes !== undefined){
if(!(typeof data.diskBytes == "number")){
const err13 = {instancePath:instancePath+"/diskBytes",schemaPath:"#/properties/diskBytes/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
if(data.machine !== undefined){
if(typeof data.machine !== "string"){
const err14 = {instancePath:instancePath+"/machine",schemaPath:"#/properties/machine/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
if(data.cpuModel !== undefined){
if(typeof data.cpuModel !== "string"){
const err15 = {instancePath:instancePath+"/cpuModel",schemaPath:"#/properties/cpuModel/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
if(data.accelerator !== undefined){
let data6 = data.accelerator;
if(typeof data6 !== "string"){
const err16 = {instancePath:instancePath+"/accelerator",schemaPath:"#/properties/accelerator/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
if(!((data6 === "kvm") || (data6 === "tcg"))){
const err17 = {instancePath:instancePath+"/accelerator",schemaPath:"#/properties/accelerator/enum",keyword:"enum",params:{allowedValues: schema47.properties.accelerator.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
if(data.qemuVersion !== undefined){
if(typeof data.qemuVersion !== "string"){
const err18 = {instancePath:instancePath+"/qemuVersion",schemaPath:"#/properties/qemuVersion/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
if(data.bridges !== undefined){
let data8 = data.bridges;
if(Array.isArray(data8)){
const len0 = data8.length;
for(let i0=0; i0<len0; i0++){
if(typeof data8[i0] !== "string"){
const err19 = {instancePath:instancePath+"/bridges/" + i0,schemaPath:"#/properties/bridges/items/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
}
else {
const err20 = {instancePath:instancePath+"/bridges",schemaPath:"#/properties/bridges/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
if(data.meshId !== undefined){
if(typeof data.meshId !== "string"){
const err21 = {instancePath:instancePath+"/meshId",schemaPath:"#/properties/meshId/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
if(data.gpus !== undefined){
let data11 = data.gpus;
if(Array.isArray(data11)){
if(data11.length > 64){
const err22 = {instancePath:instancePath+"/gpus",schemaPath:"#/properties/gpus/maxItems",keyword:"maxItems",params:{limit: 64},message:"must NOT have more than 64 items"};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
const len1 = data11.length;
for(let i1=0; i1<len1; i1++){
let data12 = data11[i1];
if(data12 && typeof data12 == "object" && !Array.isArray(data12)){
if(data12.partitionId === undefined){
const err23 = {instancePath:instancePath+"/gpus/" + i1,schemaPath:"#/definitions/GpuReference/required",keyword:"required",params:{missingProperty: "partitionId"},message:"must have required property '"+"partitionId"+"'"};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
if(data12.nodeId === undefined){
const err24 = {instancePath:instancePath+"/gpus/" + i1,schemaPath:"#/definitions/GpuReference/required",keyword:"required",params:{missingProperty: "nodeId"},message:"must have required property '"+"nodeId"+"'"};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
for(const key1 in data12){
if(!((key1 === "partitionId") || (key1 === "nodeId"))){
const err25 = {instancePath:instancePath+"/gpus/" + i1,schemaPath:"#/definitions/GpuReference/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
}
if(data12.partitionId !== undefined){
let data13 = data12.partitionId;
if(typeof data13 === "string"){
if(!pattern13.test(data13)){
const err26 = {instancePath:instancePath+"/gpus/" + i1+"/partitionId",schemaPath:"#/definitions/GpuReference/properties/partitionId/pattern",keyword:"pattern",params:{pattern: "^[a-z2-7]{26}$"},message:"must match pattern \""+"^[a-z2-7]{26}$"+"\""};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
else {
const err27 = {instancePath:instancePath+"/gpus/" + i1+"/partitionId",schemaPath:"#/definitions/GpuReference/properties/partitionId/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
}
if(data12.nodeId !== undefined){
let data14 = data12.nodeId;
if(typeof data14 === "string"){
if(!pattern14.test(data14)){
const err28 = {instancePath:instancePath+"/gpus/" + i1+"/nodeId",schemaPath:"#/definitions/GpuReference/properties/nodeId/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9-]{10,80}$"},message:"must match pattern \""+"^[a-z0-9-]{10,80}$"+"\""};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
}
else {
const err29 = {instancePath:instancePath+"/gpus/" + i1+"/nodeId",schemaPath:"#/definitions/GpuReference/properties/nodeId/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
}
}
else {
const err30 = {instancePath:instancePath+"/gpus/" + i1,schemaPath:"#/definitions/GpuReference/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
}
}
else {
const err31 = {instancePath:instancePath+"/gpus",schemaPath:"#/properties/gpus/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
}
}
else {
const err32 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
validate33.errors = vErrors;
return errors === 0;
}

exports.expectMove = validate34;
const schema49 = {"type":"object","properties":{"moveId":{"$ref":"#/definitions/OperationId"},"vmId":{"$ref":"#/definitions/VmId"},"source":{"$ref":"#/definitions/NodeDescriptor"}},"required":["moveId","vmId","source"],"additionalProperties":false};
const schema51 = {"type":"string","pattern":"^[a-z2-7]{26}$"};

function validate34(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.moveId === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "moveId"},message:"must have required property '"+"moveId"+"'"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.vmId === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "vmId"},message:"must have required property '"+"vmId"+"'"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(data.source === undefined){
const err2 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "source"},message:"must have required property '"+"source"+"'"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
for(const key0 in data){
if(!(((key0 === "moveId") || (key0 === "vmId")) || (key0 === "source"))){
const err3 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
if(data.moveId !== undefined){
let data0 = data.moveId;
if(typeof data0 === "string"){
if(!pattern0.test(data0)){
const err4 = {instancePath:instancePath+"/moveId",schemaPath:"#/definitions/OperationId/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9-]{8,64}$"},message:"must match pattern \""+"^[A-Za-z0-9-]{8,64}$"+"\""};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
else {
const err5 = {instancePath:instancePath+"/moveId",schemaPath:"#/definitions/OperationId/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data.vmId !== undefined){
let data1 = data.vmId;
if(typeof data1 === "string"){
if(!pattern13.test(data1)){
const err6 = {instancePath:instancePath+"/vmId",schemaPath:"#/definitions/VmId/pattern",keyword:"pattern",params:{pattern: "^[a-z2-7]{26}$"},message:"must match pattern \""+"^[a-z2-7]{26}$"+"\""};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
else {
const err7 = {instancePath:instancePath+"/vmId",schemaPath:"#/definitions/VmId/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
if(data.source !== undefined){
let data2 = data.source;
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
if(data2.endpointAddress === undefined){
const err8 = {instancePath:instancePath+"/source",schemaPath:"#/definitions/NodeDescriptor/required",keyword:"required",params:{missingProperty: "endpointAddress"},message:"must have required property '"+"endpointAddress"+"'"};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
if(data2.fingerprint === undefined){
const err9 = {instancePath:instancePath+"/source",schemaPath:"#/definitions/NodeDescriptor/required",keyword:"required",params:{missingProperty: "fingerprint"},message:"must have required property '"+"fingerprint"+"'"};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
if(data2.meshAddress === undefined){
const err10 = {instancePath:instancePath+"/source",schemaPath:"#/definitions/NodeDescriptor/required",keyword:"required",params:{missingProperty: "meshAddress"},message:"must have required property '"+"meshAddress"+"'"};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
if(data2.meshAddress6 === undefined){
const err11 = {instancePath:instancePath+"/source",schemaPath:"#/definitions/NodeDescriptor/required",keyword:"required",params:{missingProperty: "meshAddress6"},message:"must have required property '"+"meshAddress6"+"'"};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
if(data2.name === undefined){
const err12 = {instancePath:instancePath+"/source",schemaPath:"#/definitions/NodeDescriptor/required",keyword:"required",params:{missingProperty: "name"},message:"must have required property '"+"name"+"'"};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
if(data2.nodeId === undefined){
const err13 = {instancePath:instancePath+"/source",schemaPath:"#/definitions/NodeDescriptor/required",keyword:"required",params:{missingProperty: "nodeId"},message:"must have required property '"+"nodeId"+"'"};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
if(data2.publicKey === undefined){
const err14 = {instancePath:instancePath+"/source",schemaPath:"#/definitions/NodeDescriptor/required",keyword:"required",params:{missingProperty: "publicKey"},message:"must have required property '"+"publicKey"+"'"};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
if(data2.wireguardPublicKey === undefined){
const err15 = {instancePath:instancePath+"/source",schemaPath:"#/definitions/NodeDescriptor/required",keyword:"required",params:{missingProperty: "wireguardPublicKey"},message:"must have required property '"+"wireguardPublicKey"+"'"};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
for(const key1 in data2){
if(!((((((((key1 === "nodeId") || (key1 === "fingerprint")) || (key1 === "publicKey")) || (key1 === "name")) || (key1 === "wireguardPublicKey")) || (key1 === "meshAddress")) || (key1 === "meshAddress6")) || (key1 === "endpointAddress"))){
const err16 = {instancePath:instancePath+"/source",schemaPath:"#/definitions/NodeDescriptor/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
if(data2.nodeId !== undefined){
if(typeof data2.nodeId !== "string"){
const err17 = {instancePath:instancePath+"/source/nodeId",schemaPath:"#/definitions/NodeDescriptor/properties/nodeId/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
if(data2.fingerprint !== undefined){
if(typeof data2.fingerprint !== "string"){
const err18 = {instancePath:instancePath+"/source/fingerprint",schemaPath:"#/definitions/NodeDescriptor/properties/fingerprint/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
if(data2.publicKey !== undefined){
if(typeof data2.publicKey !== "string"){
const err19 = {instancePath:instancePath+"/source/publicKey",schemaPath:"#/definitions/NodeDescriptor/properties/publicKey/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
if(data2.name !== undefined){
if(typeof data2.name !== "string"){
const err20 = {instancePath:instancePath+"/source/name",schemaPath:"#/definitions/NodeDescriptor/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
if(data2.wireguardPublicKey !== undefined){
if(typeof data2.wireguardPublicKey !== "string"){
const err21 = {instancePath:instancePath+"/source/wireguardPublicKey",schemaPath:"#/definitions/NodeDescriptor/properties/wireguardPublicKey/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
if(data2.meshAddress !== undefined){
if(typeof data2.meshAddress !== "string"){
const err22 = {instancePath:instancePath+"/source/meshAddress",schemaPath:"#/definitions/NodeDescriptor/properties/meshAddress/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
if(data2.meshAddress6 !== undefined){
if(typeof data2.meshAddress6 !== "string"){
const err23 = {instancePath:instancePath+"/source/meshAddress6",schemaPath:"#/definitions/NodeDescriptor/properties/meshAddress6/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
if(data2.endpointAddress !== undefined){
if(typeof data2.endpointAddress !== "string"){
const err24 = {instancePath:instancePath+"/source/endpointAddress",schemaPath:"#/definitions/NodeDescriptor/properties/endpointAddress/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
}
}
else {
const err25 = {instancePath:instancePath+"/source",schemaPath:"#/definitions/NodeDescriptor/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
}
}
else {
const err26 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
validate34.errors = vErrors;
return errors === 0;
}

exports.moveVm = validate35;
const schema53 = {"type":"object","properties":{"operationId":{"$ref":"#/definitions/OperationId"},"owner":{"type":"string"},"destination":{"$ref":"#/definitions/NodeDescriptor"},"destinationConnection":{},"migration":{"$ref":"#/definitions/MigrationSpec"},"gpus":{"type":"string","const":"carry"}},"required":["operationId","owner","destination","destinationConnection"],"additionalProperties":false};

function validate35(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.operationId === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "operationId"},message:"must have required property '"+"operationId"+"'"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.owner === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "owner"},message:"must have required property '"+"owner"+"'"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(data.destination === undefined){
const err2 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "destination"},message:"must have required property '"+"destination"+"'"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(data.destinationConnection === undefined){
const err3 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "destinationConnection"},message:"must have required property '"+"destinationConnection"+"'"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
for(const key0 in data){
if(!((((((key0 === "operationId") || (key0 === "owner")) || (key0 === "destination")) || (key0 === "destinationConnection")) || (key0 === "migration")) || (key0 === "gpus"))){
const err4 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data.operationId !== undefined){
let data0 = data.operationId;
if(typeof data0 === "string"){
if(!pattern0.test(data0)){
const err5 = {instancePath:instancePath+"/operationId",schemaPath:"#/definitions/OperationId/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9-]{8,64}$"},message:"must match pattern \""+"^[A-Za-z0-9-]{8,64}$"+"\""};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
else {
const err6 = {instancePath:instancePath+"/operationId",schemaPath:"#/definitions/OperationId/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
if(data.owner !== undefined){
if(typeof data.owner !== "string"){
const err7 = {instancePath:instancePath+"/owner",schemaPath:"#/properties/owner/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
if(data.destination !== undefined){
let data2 = data.destination;
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
if(data2.endpointAddress === undefined){
const err8 = {instancePath:instancePath+"/destination",schemaPath:"#/definitions/NodeDescriptor/required",keyword:"required",params:{missingProperty: "endpointAddress"},message:"must have required property '"+"endpointAddress"+"'"};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
if(data2.fingerprint === undefined){
const err9 = {instancePath:instancePath+"/destination",schemaPath:"#/definitions/NodeDescriptor/required",keyword:"required",params:{missingProperty: "fingerprint"},message:"must have required property '"+"fingerprint"+"'"};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
if(data2.meshAddress === undefined){
const err10 = {instancePath:instancePath+"/destination",schemaPath:"#/definitions/NodeDescriptor/required",keyword:"required",params:{missingProperty: "meshAddress"},message:"must have required property '"+"meshAddress"+"'"};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
if(data2.meshAddress6 === undefined){
const err11 = {instancePath:instancePath+"/destination",schemaPath:"#/definitions/NodeDescriptor/required",keyword:"required",params:{missingProperty: "meshAddress6"},message:"must have required property '"+"meshAddress6"+"'"};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
if(data2.name === undefined){
const err12 = {instancePath:instancePath+"/destination",schemaPath:"#/definitions/NodeDescriptor/required",keyword:"required",params:{missingProperty: "name"},message:"must have required property '"+"name"+"'"};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
if(data2.nodeId === undefined){
const err13 = {instancePath:instancePath+"/destination",schemaPath:"#/definitions/NodeDescriptor/required",keyword:"required",params:{missingProperty: "nodeId"},message:"must have required property '"+"nodeId"+"'"};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
if(data2.publicKey === undefined){
const err14 = {instancePath:instancePath+"/destination",schemaPath:"#/definitions/NodeDescriptor/required",keyword:"required",params:{missingProperty: "publicKey"},message:"must have required property '"+"publicKey"+"'"};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
if(data2.wireguardPublicKey === undefined){
const err15 = {instancePath:instancePath+"/destination",schemaPath:"#/definitions/NodeDescriptor/required",keyword:"required",params:{missingProperty: "wireguardPublicKey"},message:"must have required property '"+"wireguardPublicKey"+"'"};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
for(const key1 in data2){
if(!((((((((key1 === "nodeId") || (key1 === "fingerprint")) || (key1 === "publicKey")) || (key1 === "name")) || (key1 === "wireguardPublicKey")) || (key1 === "meshAddress")) || (key1 === "meshAddress6")) || (key1 === "endpointAddress"))){
const err16 = {instancePath:instancePath+"/destination",schemaPath:"#/definitions/NodeDescriptor/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
if(data2.nodeId !== undefined){
if(typeof data2.nodeId !== "string"){
const err17 = {instancePath:instancePath+"/destination/nodeId",schemaPath:"#/definitions/NodeDescriptor/properties/nodeId/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
if(data2.fingerprint !== undefined){
if(typeof data2.fingerprint !== "string"){
const err18 = {instancePath:instancePath+"/destination/fingerprint",schemaPath:"#/definitions/NodeDescriptor/properties/fingerprint/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
if(data2.publicKey !== undefined){
if(typeof data2.publicKey !== "string"){
const err19 = {instancePath:instancePath+"/destination/publicKey",schemaPath:"#/definitions/NodeDescriptor/properties/publicKey/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
if(data2.name !== undefined){
if(typeof data2.name !== "string"){
const err20 = {instancePath:instancePath+"/destination/name",schemaPath:"#/definitions/NodeDescriptor/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
if(data2.wireguardPublicKey !== undefined){
if(typeof data2.wireguardPublicKey !== "string"){
const err21 = {instancePath:instancePath+"/destination/wireguardPublicKey",schemaPath:"#/definitions/NodeDescriptor/properties/wireguardPublicKey/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
if(data2.meshAddress !== undefined){
if(typeof data2.meshAddress !== "string"){
const err22 = {instancePath:instancePath+"/destination/meshAddress",schemaPath:"#/definitions/NodeDescriptor/properties/meshAddress/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
if(data2.meshAddress6 !== undefined){
if(typeof data2.meshAddress6 !== "string"){
const err23 = {instancePath:instancePath+"/destination/meshAddress6",schemaPath:"#/definitions/NodeDescriptor/properties/meshAddress6/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
if(data2.endpointAddress !== undefined){
if(typeof data2.endpointAddress !== "string"){
const err24 = {instancePath:instancePath+"/destination/endpointAddress",schemaPath:"#/definitions/NodeDescriptor/properties/endpointAddress/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
}
}
else {
const err25 = {instancePath:instancePath+"/destination",schemaPath:"#/definitions/NodeDescriptor/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
}
if(data.migration !== undefined){
if(!(validate27(data.migration, {instancePath:instancePath+"/migration",parentData:data,parentDataProperty:"migration",rootData}))){
vErrors = vErrors === null ? validate27.errors : vErrors.concat(validate27.errors);
errors = vErrors.length;
}
}
if(data.gpus !== undefined){
let data12 = data.gpus;
if(typeof data12 !== "string"){
const err26 = {instancePath:instancePath+"/gpus",schemaPath:"#/properties/gpus/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
if("carry" !== data12){
const err27 = {instancePath:instancePath+"/gpus",schemaPath:"#/properties/gpus/const",keyword:"const",params:{allowedValue: "carry"},message:"must be equal to constant"};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
}
}
else {
const err28 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
validate35.errors = vErrors;
return errors === 0;
}

exports.prepareMove = validate37;
const schema56 = {"type":"object","properties":{"record":{"$ref":"#/definitions/VmRecord"},"psk":{"type":"string","pattern":"^[0-9a-f]{64}$"},"multifdChannels":{"type":"integer","minimum":1,"maximum":16},"mode":{"type":"string","const":"cold"},"gpus":{"type":"string","const":"carry"},"straightAddress":{"type":"string","pattern":"^[0-9]{1,3}([.][0-9]{1,3}){3}$"}},"required":["record","psk","multifdChannels"],"additionalProperties":false};
const schema57 = {"type":"object","properties":{"vmId":{"type":"string"},"owner":{"type":"string"},"logicalName":{"type":"string"},"role":{"$ref":"#/definitions/Role"},"generation":{"type":"number"},"incarnation":{"type":"number"},"spec":{"$ref":"#/definitions/VmSpec"},"pins":{"$ref":"#/definitions/VmPins"},"uid":{"type":"number"},"launched":{"$ref":"#/definitions/VmSpec"},"operationId":{"type":"string"},"wantsToRun":{"type":"boolean"},"bootedAtMs":{"type":"number"},"qemu":{"$ref":"#/definitions/RecordedQemu"},"moveId":{"type":"string"},"moveMode":{"type":"string","const":"cold"},"movedTo":{"$ref":"#/definitions/MovedTo"},"lastMigration":{"$ref":"#/definitions/MoveFigures"}},"required":["vmId","owner","logicalName","role","generation","incarnation","spec","pins","uid","operationId","wantsToRun"],"additionalProperties":false};
const schema58 = {"type":"string","enum":["owner","incoming","released","former","abandoned","deleted"]};
const schema63 = {"type":"object","properties":{"nodeId":{"type":"string"},"generation":{"type":"number"},"connection":{}},"required":["nodeId","generation"],"additionalProperties":false};
const schema64 = {"type":"object","properties":{"mode":{"type":"string","enum":["live","cold"]},"from":{"type":"string"},"to":{"type":"string"},"totalMs":{"type":"number"},"downtimeMs":{"type":"number"},"ramBytes":{"type":"number"},"diskBytes":{"type":"number"},"passes":{"type":"number"}},"required":["mode","from","to","totalMs","downtimeMs","ramBytes","diskBytes","passes"],"additionalProperties":false};
const schema59 = {"type":"object","properties":{"machine":{"type":"string","pattern":"^[a-z0-9][a-z0-9.-]{1,40}$"},"cpuModel":{"type":"string","pattern":"^[A-Za-z0-9=.,_-]{1,400}$"},"macs":{"type":"array","items":{"$ref":"#/definitions/MacAddress"},"uniqueItems":true},"address":{"type":"string"},"accelerator":{"type":"string","enum":["kvm","tcg"]}},"required":["machine","cpuModel","macs","accelerator"],"additionalProperties":false};
const schema60 = {"type":"string","pattern":"^[0-9a-f][26ae](:[0-9a-f]{2}){5}$"};
const pattern22 = new RegExp("^[a-z0-9][a-z0-9.-]{1,40}$", "u");
const pattern23 = new RegExp("^[A-Za-z0-9=.,_-]{1,400}$", "u");
const pattern24 = new RegExp("^[0-9a-f][26ae](:[0-9a-f]{2}){5}$", "u");
const func0 = require("ajv/dist/runtime/equal").default;

function validate40(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.machine === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "machine"},message:"must have required property '"+"machine"+"'"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.cpuModel === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "cpuModel"},message:"must have required property '"+"cpuModel"+"'"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(data.macs === undefined){
const err2 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "macs"},message:"must have required property '"+"macs"+"'"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(data.accelerator === undefined){
const err3 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "accelerator"},message:"must have required property '"+"accelerator"+"'"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
for(const key0 in data){
if(!(((((key0 === "machine") || (key0 === "cpuModel")) || (key0 === "macs")) || (key0 === "address")) || (key0 === "accelerator"))){
const err4 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data.machine !== undefined){
let data0 = data.machine;
if(typeof data0 === "string"){
if(!pattern22.test(data0)){
const err5 = {instancePath:instancePath+"/machine",schemaPath:"#/properties/machine/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9][a-z0-9.-]{1,40}$"},message:"must match pattern \""+"^[a-z0-9][a-z0-9.-]{1,40}$"+"\""};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
else {
const err6 = {instancePath:instancePath+"/machine",schemaPath:"#/properties/machine/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
if(data.cpuModel !== undefined){
let data1 = data.cpuModel;
if(typeof data1 === "string"){
if(!pattern23.test(data1)){
const err7 = {instancePath:instancePath+"/cpuModel",schemaPath:"#/properties/cpuModel/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9=.,_-]{1,400}$"},message:"must match pattern \""+"^[A-Za-z0-9=.,_-]{1,400}$"+"\""};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
else {
const err8 = {instancePath:instancePath+"/cpuModel",schemaPath:"#/properties/cpuModel/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
if(data.macs !== undefined){
let data2 = data.macs;
if(Array.isArray(data2)){
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
let data3 = data2[i0];
if(typeof data3 === "string"){
if(!pattern24.test(data3)){
const err9 = {instancePath:instancePath+"/macs/" + i0,schemaPath:"#/definitions/MacAddress/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f][26ae](:[0-9a-f]{2}){5}$"},message:"must match pattern \""+"^[0-9a-f][26ae](:[0-9a-f]{2}){5}$"+"\""};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
else {
const err10 = {instancePath:instancePath+"/macs/" + i0,schemaPath:"#/definitions/MacAddress/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
let i1 = data2.length;
let j0;
if(i1 > 1){
outer0:
for(;i1--;){
for(j0 = i1; j0--;){
if(func0(data2[i1], data2[j0])){
const err11 = {instancePath:instancePath+"/macs",schemaPath:"#/properties/macs/uniqueItems",keyword:"uniqueItems",params:{i: i1, j: j0},message:"must NOT have duplicate items (items ## "+j0+" and "+i1+" are identical)"};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
break outer0;
}
}
}
}
}
else {
const err12 = {instancePath:instancePath+"/macs",schemaPath:"#/properties/macs/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
if(data.address !== undefined){
if(typeof data.address !== "string"){
const err13 = {instancePath:instancePath+"/address",schemaPath:"#/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
if(data.accelerator !== undefined){
let data5 = data.accelerator;
if(typeof data5 !== "string"){
const err14 = {instancePath:instancePath+"/accelerator",schemaPath:"#/properties/accelerator/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
if(!((data5 === "kvm") || (data5 === "tcg"))){
const err15 = {instancePath:instancePath+"/accelerator",schemaPath:"#/properties/accelerator/enum",keyword:"enum",params:{allowedValues: schema59.properties.accelerator.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
}
else {
const err16 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
validate40.errors = vErrors;
return errors === 0;
}

const schema61 = {"type":"object","properties":{"pid":{"type":"number"},"startTicks":{"type":"number"},"nicPorts":{"$ref":"#/definitions/NicPorts"},"gpuPorts":{"type":"number"}},"required":["pid","startTicks"],"additionalProperties":false};
const schema62 = {"type":"string","const":"each"};

function validate43(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.pid === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "pid"},message:"must have required property '"+"pid"+"'"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.startTicks === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "startTicks"},message:"must have required property '"+"startTicks"+"'"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
for(const key0 in data){
if(!((((key0 === "pid") || (key0 === "startTicks")) || (key0 === "nicPorts")) || (key0 === "gpuPorts"))){
const err2 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.pid !== undefined){
if(!(typeof data.pid == "number")){
const err3 = {instancePath:instancePath+"/pid",schemaPath:"#/properties/pid/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
if(data.startTicks !== undefined){
if(!(typeof data.startTicks == "number")){
const err4 = {instancePath:instancePath+"/startTicks",schemaPath:"#/properties/startTicks/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data.nicPorts !== undefined){
let data2 = data.nicPorts;
if(typeof data2 !== "string"){
const err5 = {instancePath:instancePath+"/nicPorts",schemaPath:"#/definitions/NicPorts/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
if("each" !== data2){
const err6 = {instancePath:instancePath+"/nicPorts",schemaPath:"#/definitions/NicPorts/const",keyword:"const",params:{allowedValue: "each"},message:"must be equal to constant"};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
if(data.gpuPorts !== undefined){
if(!(typeof data.gpuPorts == "number")){
const err7 = {instancePath:instancePath+"/gpuPorts",schemaPath:"#/properties/gpuPorts/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
}
else {
const err8 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
validate43.errors = vErrors;
return errors === 0;
}


function validate38(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.vmId === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "vmId"},message:"must have required property '"+"vmId"+"'"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.owner === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "owner"},message:"must have required property '"+"owner"+"'"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(data.logicalName === undefined){
const err2 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "logicalName"},message:"must have required property '"+"logicalName"+"'"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(data.role === undefined){
const err3 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "role"},message:"must have required property '"+"role"+"'"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(data.generation === undefined){
const err4 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "generation"},message:"must have required property '"+"generation"+"'"};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
if(data.incarnation === undefined){
const err5 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "incarnation"},message:"must have required property '"+"incarnation"+"'"};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
if(data.spec === undefined){
const err6 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "spec"},message:"must have required property '"+"spec"+"'"};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if(data.pins === undefined){
const err7 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "pins"},message:"must have required property '"+"pins"+"'"};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
if(data.uid === undefined){
const err8 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "uid"},message:"must have required property '"+"uid"+"'"};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
if(data.operationId === undefined){
const err9 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "operationId"},message:"must have required property '"+"operationId"+"'"};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
if(data.wantsToRun === undefined){
const err10 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "wantsToRun"},message:"must have required property '"+"wantsToRun"+"'"};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
for(const key0 in data){
if(!(func2.call(schema57.properties, key0))){
const err11 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
if(data.vmId !== undefined){
if(typeof data.vmId !== "string"){
const err12 = {instancePath:instancePath+"/vmId",schemaPath:"#/properties/vmId/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
if(data.owner !== undefined){
if(typeof data.owner !== "string"){
const err13 = {instancePath:instancePath+"/owner",schemaPath:"#/properties/owner/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
if(data.logicalName !== undefined){
if(typeof data.logicalName !== "string"){
const err14 = {instancePath:instancePath+"/logicalName",schemaPath:"#/properties/logicalName/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
if(data.role !== undefined){
let data3 = data.role;
if(typeof data3 !== "string"){
const err15 = {instancePath:instancePath+"/role",schemaPath:"#/definitions/Role/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
if(!((((((data3 === "owner") || (data3 === "incoming")) || (data3 === "released")) || (data3 === "former")) || (data3 === "abandoned")) || (data3 === "deleted"))){
const err16 = {instancePath:instancePath+"/role",schemaPath:"#/definitions/Role/enum",keyword:"enum",params:{allowedValues: schema58.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
if(data.generation !== undefined){
if(!(typeof data.generation == "number")){
const err17 = {instancePath:instancePath+"/generation",schemaPath:"#/properties/generation/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
if(data.incarnation !== undefined){
if(!(typeof data.incarnation == "number")){
const err18 = {instancePath:instancePath+"/incarnation",schemaPath:"#/properties/incarnation/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
if(data.spec !== undefined){
if(!(validate18(data.spec, {instancePath:instancePath+"/spec",parentData:data,parentDataProperty:"spec",rootData}))){
vErrors = vErrors === null ? validate18.errors : vErrors.concat(validate18.errors);
errors = vErrors.length;
}
}
if(data.pins !== undefined){
if(!(validate40(data.pins, {instancePath:instancePath+"/pins",parentData:data,parentDataProperty:"pins",rootData}))){
vErrors = vErrors === null ? validate40.errors : vErrors.concat(validate40.errors);
errors = vErrors.length;
}
}
if(data.uid !== undefined){
if(!(typeof data.uid == "number")){
const err19 = {instancePath:instancePath+"/uid",schemaPath:"#/properties/uid/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
if(data.launched !== undefined){
if(!(validate18(data.launched, {instancePath:instancePath+"/launched",parentData:data,parentDataProperty:"launched",rootData}))){
vErrors = vErrors === null ? validate18.errors : vErrors.concat(validate18.errors);
errors = vErrors.length;
}
}
if(data.operationId !== undefined){
if(typeof data.operationId !== "string"){
const err20 = {instancePath:instancePath+"/operationId",schemaPath:"#/properties/operationId/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
if(data.wantsToRun !== undefined){
if(typeof data.wantsToRun !== "boolean"){
const err21 = {instancePath:instancePath+"/wantsToRun",schemaPath:"#/properties/wantsToRun/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
if(data.bootedAtMs !== undefined){
if(!(typeof data.bootedAtMs == "number")){
const err22 = {instancePath:instancePath+"/bootedAtMs",schemaPath:"#/properties/bootedAtMs/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
if(data.qemu !== undefined){
if(!(validate43(data.qemu, {instancePath:instancePath+"/qemu",parentData:data,parentDataProperty:"qemu",rootData}))){
vErrors = vErrors === null ? validate43.errors : vErrors.concat(validate43.errors);
errors = vErrors.length;
}
}
if(data.moveId !== undefined){
if(typeof data.moveId !== "string"){
const err23 = {instancePath:instancePath+"/moveId",schemaPath:"#/properties/moveId/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
if(data.moveMode !== undefined){
let data15 = data.moveMode;
if(typeof data15 !== "string"){
const err24 = {instancePath:instancePath+"/moveMode",schemaPath:"#/properties/moveMode/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
if("cold" !== data15){
const err25 = {instancePath:instancePath+"/moveMode",schemaPath:"#/properties/moveMode/const",keyword:"const",params:{allowedValue: "cold"},message:"must be equal to constant"};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
}
if(data.movedTo !== undefined){
let data16 = data.movedTo;
if(data16 && typeof data16 == "object" && !Array.isArray(data16)){
if(data16.nodeId === undefined){
const err26 = {instancePath:instancePath+"/movedTo",schemaPath:"#/definitions/MovedTo/required",keyword:"required",params:{missingProperty: "nodeId"},message:"must have required property '"+"nodeId"+"'"};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
if(data16.generation === undefined){
const err27 = {instancePath:instancePath+"/movedTo",schemaPath:"#/definitions/MovedTo/required",keyword:"required",params:{missingProperty: "generation"},message:"must have required property '"+"generation"+"'"};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
for(const key1 in data16){
if(!(((key1 === "nodeId") || (key1 === "generation")) || (key1 === "connection"))){
const err28 = {instancePath:instancePath+"/movedTo",schemaPath:"#/definitions/MovedTo/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
}
if(data16.nodeId !== undefined){
if(typeof data16.nodeId !== "string"){
const err29 = {instancePath:instancePath+"/movedTo/nodeId",schemaPath:"#/definitions/MovedTo/properties/nodeId/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
}
if(data16.generation !== undefined){
if(!(typeof data16.generation == "number")){
const err30 = {instancePath:instancePath+"/movedTo/generation",schemaPath:"#/definitions/MovedTo/properties/generation/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
}
}
else {
const err31 = {instancePath:instancePath+"/movedTo",schemaPath:"#/definitions/MovedTo/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
}
if(data.lastMigration !== undefined){
let data19 = data.lastMigration;
if(data19 && typeof data19 == "object" && !Array.isArray(data19)){
if(data19.mode === undefined){
const err32 = {instancePath:instancePath+"/lastMigration",schemaPath:"#/definitions/MoveFigures/required",keyword:"required",params:{missingProperty: "mode"},message:"must have required property '"+"mode"+"'"};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
if(data19.from === undefined){
const err33 = {instancePath:instancePath+"/lastMigration",schemaPath:"#/definitions/MoveFigures/required",keyword:"required",params:{missingProperty: "from"},message:"must have required property '"+"from"+"'"};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
if(data19.to === undefined){
const err34 = {instancePath:instancePath+"/lastMigration",schemaPath:"#/definitions/MoveFigures/required",keyword:"required",params:{missingProperty: "to"},message:"must have required property '"+"to"+"'"};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
if(data19.totalMs === undefined){
const err35 = {instancePath:instancePath+"/lastMigration",schemaPath:"#/definitions/MoveFigures/required",keyword:"required",params:{missingProperty: "totalMs"},message:"must have required property '"+"totalMs"+"'"};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
if(data19.downtimeMs === undefined){
const err36 = {instancePath:instancePath+"/lastMigration",schemaPath:"#/definitions/MoveFigures/required",keyword:"required",params:{missingProperty: "downtimeMs"},message:"must have required property '"+"downtimeMs"+"'"};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
if(data19.ramBytes === undefined){
const err37 = {instancePath:instancePath+"/lastMigration",schemaPath:"#/definitions/MoveFigures/required",keyword:"required",params:{missingProperty: "ramBytes"},message:"must have required property '"+"ramBytes"+"'"};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
if(data19.diskBytes === undefined){
const err38 = {instancePath:instancePath+"/lastMigration",schemaPath:"#/definitions/MoveFigures/required",keyword:"required",params:{missingProperty: "diskBytes"},message:"must have required property '"+"diskBytes"+"'"};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
if(data19.passes === undefined){
const err39 = {instancePath:instancePath+"/lastMigration",schemaPath:"#/definitions/MoveFigures/required",keyword:"required",params:{missingProperty: "passes"},message:"must have required property '"+"passes"+"'"};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
for(const key2 in data19){
if(!((((((((key2 === "mode") || (key2 === "from")) || (key2 === "to")) || (key2 === "totalMs")) || (key2 === "downtimeMs")) || (key2 === "ramBytes")) || (key2 === "diskBytes")) || (key2 === "passes"))){
const err40 = {instancePath:instancePath+"/lastMigration",schemaPath:"#/definitions/MoveFigures/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
}
if(data19.mode !== undefined){
let data20 = data19.mode;
if(typeof data20 !== "string"){
const err41 = {instancePath:instancePath+"/lastMigration/mode",schemaPath:"#/definitions/MoveFigures/properties/mode/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
}
if(!((data20 === "live") || (data20 === "cold"))){
const err42 = {instancePath:instancePath+"/lastMigration/mode",schemaPath:"#/definitions/MoveFigures/properties/mode/enum",keyword:"enum",params:{allowedValues: schema64.properties.mode.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err42];
}
else {
vErrors.push(err42);
}
errors++;
}
}
if(data19.from !== undefined){
if(typeof data19.from !== "string"){
const err43 = {instancePath:instancePath+"/lastMigration/from",schemaPath:"#/definitions/MoveFigures/properties/from/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err43];
}
else {
vErrors.push(err43);
}
errors++;
}
}
if(data19.to !== undefined){
if(typeof data19.to !== "string"){
const err44 = {instancePath:instancePath+"/lastMigration/to",schemaPath:"#/definitions/MoveFigures/properties/to/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err44];
}
else {
vErrors.push(err44);
}
errors++;
}
}
if(data19.totalMs !== undefined){
if(!(typeof data19.totalMs == "number")){
const err45 = {instancePath:instancePath+"/lastMigration/totalMs",schemaPath:"#/definitions/MoveFigures/properties/totalMs/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err45];
}
else {
vErrors.push(err45);
}
errors++;
}
}
if(data19.downtimeMs !== undefined){
if(!(typeof data19.downtimeMs == "number")){
const err46 = {instancePath:instancePath+"/lastMigration/downtimeMs",schemaPath:"#/definitions/MoveFigures/properties/downtimeMs/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err46];
}
else {
vErrors.push(err46);
}
errors++;
}
}
if(data19.ramBytes !== undefined){
if(!(typeof data19.ramBytes == "number")){
const err47 = {instancePath:instancePath+"/lastMigration/ramBytes",schemaPath:"#/definitions/MoveFigures/properties/ramBytes/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err47];
}
else {
vErrors.push(err47);
}
errors++;
}
}
if(data19.diskBytes !== undefined){
if(!(typeof data19.diskBytes == "number")){
const err48 = {instancePath:instancePath+"/lastMigration/diskBytes",schemaPath:"#/definitions/MoveFigures/properties/diskBytes/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err48];
}
else {
vErrors.push(err48);
}
errors++;
}
}
if(data19.passes !== undefined){
if(!(typeof data19.passes == "number")){
const err49 = {instancePath:instancePath+"/lastMigration/passes",schemaPath:"#/definitions/MoveFigures/properties/passes/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err49];
}
else {
vErrors.push(err49);
}
errors++;
}
}
}
else {
const err50 = {instancePath:instancePath+"/lastMigration",schemaPath:"#/definitions/MoveFigures/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err50];
}
else {
vErrors.push(err50);
}
errors++;
}
}
}
else {
const err51 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err51];
}
else {
vErrors.push(err51);
}
errors++;
}
validate38.errors = vErrors;
return errors === 0;
}


function validate37(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.record === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "record"},message:"must have required property '"+"record"+"'"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.psk === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "psk"},message:"must have required property '"+"psk"+"'"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(data.multifdChannels === undefined){
const err2 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "multifdChannels"},message:"must have required property '"+"multifdChannels"+"'"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
for(const key0 in data){
if(!((((((key0 === "record") || (key0 === "psk")) || (key0 === "multifdChannels")) || (key0 === "mode")) || (key0 === "gpus")) || (key0 === "straightAddress"))){
const err3 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
if(data.record !== undefined){
if(!(validate38(data.record, {instancePath:instancePath+"/record",parentData:data,parentDataProperty:"record",rootData}))){
vErrors = vErrors === null ? validate38.errors : vErrors.concat(validate38.errors);
errors = vErrors.length;
}
}
if(data.psk !== undefined){
let data1 = data.psk;
if(typeof data1 === "string"){
if(!pattern5.test(data1)){
const err4 = {instancePath:instancePath+"/psk",schemaPath:"#/properties/psk/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{64}$"},message:"must match pattern \""+"^[0-9a-f]{64}$"+"\""};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
else {
const err5 = {instancePath:instancePath+"/psk",schemaPath:"#/properties/psk/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data.multifdChannels !== undefined){
let data2 = data.multifdChannels;
if(!((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2)))){
const err6 = {instancePath:instancePath+"/multifdChannels",schemaPath:"#/properties/multifdChannels/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if(typeof data2 == "number"){
if(data2 > 16 || isNaN(data2)){
const err7 = {instancePath:instancePath+"/multifdChannels",schemaPath:"#/properties/multifdChannels/maximum",keyword:"maximum",params:{comparison: "<=", limit: 16},message:"must be <= 16"};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
if(data2 < 1 || isNaN(data2)){
const err8 = {instancePath:instancePath+"/multifdChannels",schemaPath:"#/properties/multifdChannels/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
}
if(data.mode !== undefined){
let data3 = data.mode;
if(typeof data3 !== "string"){
const err9 = {instancePath:instancePath+"/mode",schemaPath:"#/properties/mode/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
if("cold" !== data3){
const err10 = {instancePath:instancePath+"/mode",schemaPath:"#/properties/mode/const",keyword:"const",params:{allowedValue: "cold"},message:"must be equal to constant"};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
if(data.gpus !== undefined){
let data4 = data.gpus;
if(typeof data4 !== "string"){
const err11 = {instancePath:instancePath+"/gpus",schemaPath:"#/properties/gpus/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
if("carry" !== data4){
const err12 = {instancePath:instancePath+"/gpus",schemaPath:"#/properties/gpus/const",keyword:"const",params:{allowedValue: "carry"},message:"must be equal to constant"};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
if(data.straightAddress !== undefined){
let data5 = data.straightAddress;
if(typeof data5 === "string"){
if(!pattern10.test(data5)){
const err13 = {instancePath:instancePath+"/straightAddress",schemaPath:"#/properties/straightAddress/pattern",keyword:"pattern",params:{pattern: "^[0-9]{1,3}([.][0-9]{1,3}){3}$"},message:"must match pattern \""+"^[0-9]{1,3}([.][0-9]{1,3}){3}$"+"\""};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
else {
const err14 = {instancePath:instancePath+"/straightAddress",schemaPath:"#/properties/straightAddress/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
}
else {
const err15 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
validate37.errors = vErrors;
return errors === 0;
}

exports.openStraight = validate46;
const schema65 = {"type":"object","properties":{"address":{"type":"string","pattern":"^[0-9]{1,3}([.][0-9]{1,3}){3}$"},"nonce":{"type":"string","pattern":"^[0-9a-f]{32}$"}},"required":["address","nonce"],"additionalProperties":false};
const pattern28 = new RegExp("^[0-9a-f]{32}$", "u");

function validate46(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.address === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "address"},message:"must have required property '"+"address"+"'"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.nonce === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "nonce"},message:"must have required property '"+"nonce"+"'"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
for(const key0 in data){
if(!((key0 === "address") || (key0 === "nonce"))){
const err2 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.address !== undefined){
let data0 = data.address;
if(typeof data0 === "string"){
if(!pattern10.test(data0)){
const err3 = {instancePath:instancePath+"/address",schemaPath:"#/properties/address/pattern",keyword:"pattern",params:{pattern: "^[0-9]{1,3}([.][0-9]{1,3}){3}$"},message:"must match pattern \""+"^[0-9]{1,3}([.][0-9]{1,3}){3}$"+"\""};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
else {
const err4 = {instancePath:instancePath+"/address",schemaPath:"#/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data.nonce !== undefined){
let data1 = data.nonce;
if(typeof data1 === "string"){
if(!pattern28.test(data1)){
const err5 = {instancePath:instancePath+"/nonce",schemaPath:"#/properties/nonce/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{32}$"},message:"must match pattern \""+"^[0-9a-f]{32}$"+"\""};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
else {
const err6 = {instancePath:instancePath+"/nonce",schemaPath:"#/properties/nonce/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
}
else {
const err7 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
validate46.errors = vErrors;
return errors === 0;
}

exports.grantMove = validate47;
const schema66 = {"type":"object","properties":{"generation":{"type":"integer","minimum":2}},"required":["generation"],"additionalProperties":false};

function validate47(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.generation === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "generation"},message:"must have required property '"+"generation"+"'"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
for(const key0 in data){
if(!(key0 === "generation")){
const err1 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.generation !== undefined){
let data0 = data.generation;
if(!((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0)))){
const err2 = {instancePath:instancePath+"/generation",schemaPath:"#/properties/generation/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(typeof data0 == "number"){
if(data0 < 2 || isNaN(data0)){
const err3 = {instancePath:instancePath+"/generation",schemaPath:"#/properties/generation/minimum",keyword:"minimum",params:{comparison: ">=", limit: 2},message:"must be >= 2"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
}
}
else {
const err4 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
validate47.errors = vErrors;
return errors === 0;
}

exports.finishMove = validate48;
const schema67 = {"type":"object","properties":{"figures":{"$ref":"#/definitions/MoveFigures"}},"required":["figures"],"additionalProperties":false};

function validate48(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.figures === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "figures"},message:"must have required property '"+"figures"+"'"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
for(const key0 in data){
if(!(key0 === "figures")){
const err1 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.figures !== undefined){
let data0 = data.figures;
if(data0 && typeof data0 == "object" && !Array.isArray(data0)){
if(data0.mode === undefined){
const err2 = {instancePath:instancePath+"/figures",schemaPath:"#/definitions/MoveFigures/required",keyword:"required",params:{missingProperty: "mode"},message:"must have required property '"+"mode"+"'"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(data0.from === undefined){
const err3 = {instancePath:instancePath+"/figures",schemaPath:"#/definitions/MoveFigures/required",keyword:"required",params:{missingProperty: "from"},message:"must have required property '"+"from"+"'"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(data0.to === undefined){
const err4 = {instancePath:instancePath+"/figures",schemaPath:"#/definitions/MoveFigures/required",keyword:"required",params:{missingProperty: "to"},message:"must have required property '"+"to"+"'"};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
if(data0.totalMs === undefined){
const err5 = {instancePath:instancePath+"/figures",schemaPath:"#/definitions/MoveFigures/required",keyword:"required",params:{missingProperty: "totalMs"},message:"must have required property '"+"totalMs"+"'"};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
if(data0.downtimeMs === undefined){
const err6 = {instancePath:instancePath+"/figures",schemaPath:"#/definitions/MoveFigures/required",keyword:"required",params:{missingProperty: "downtimeMs"},message:"must have required property '"+"downtimeMs"+"'"};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if(data0.ramBytes === undefined){
const err7 = {instancePath:instancePath+"/figures",schemaPath:"#/definitions/MoveFigures/required",keyword:"required",params:{missingProperty: "ramBytes"},message:"must have required property '"+"ramBytes"+"'"};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
if(data0.diskBytes === undefined){
const err8 = {instancePath:instancePath+"/figures",schemaPath:"#/definitions/MoveFigures/required",keyword:"required",params:{missingProperty: "diskBytes"},message:"must have required property '"+"diskBytes"+"'"};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
if(data0.passes === undefined){
const err9 = {instancePath:instancePath+"/figures",schemaPath:"#/definitions/MoveFigures/required",keyword:"required",params:{missingProperty: "passes"},message:"must have required property '"+"passes"+"'"};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
for(const key1 in data0){
if(!((((((((key1 === "mode") || (key1 === "from")) || (key1 === "to")) || (key1 === "totalMs")) || (key1 === "downtimeMs")) || (key1 === "ramBytes")) || (key1 === "diskBytes")) || (key1 === "passes"))){
const err10 = {instancePath:instancePath+"/figures",schemaPath:"#/definitions/MoveFigures/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
if(data0.mode !== undefined){
let data1 = data0.mode;
if(typeof data1 !== "string"){
const err11 = {instancePath:instancePath+"/figures/mode",schemaPath:"#/definitions/MoveFigures/properties/mode/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
if(!((data1 === "live") || (data1 === "cold"))){
const err12 = {instancePath:instancePath+"/figures/mode",schemaPath:"#/definitions/MoveFigures/properties/mode/enum",keyword:"enum",params:{allowedValues: schema64.properties.mode.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
if(data0.from !== undefined){
if(typeof data0.from !== "string"){
const err13 = {instancePath:instancePath+"/figures/from",schemaPath:"#/definitions/MoveFigures/properties/from/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
if(data0.to !== undefined){
if(typeof data0.to !== "string"){
const err14 = {instancePath:instancePath+"/figures/to",schemaPath:"#/definitions/MoveFigures/properties/to/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
if(data0.totalMs !== undefined){
if(!(typeof data0.totalMs == "number")){
const err15 = {instancePath:instancePath+"/figures/totalMs",schemaPath:"#/definitions/MoveFigures/properties/totalMs/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
if(data0.downtimeMs !== undefined){
if(!(typeof data0.downtimeMs == "number")){
const err16 = {instancePath:instancePath+"/figures/downtimeMs",schemaPath:"#/definitions/MoveFigures/properties/downtimeMs/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
if(data0.ramBytes !== undefined){
if(!(typeof data0.ramBytes == "number")){
const err17 = {instancePath:instancePath+"/figures/ramBytes",schemaPath:"#/definitions/MoveFigures/properties/ramBytes/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
if(data0.diskBytes !== undefined){
if(!(typeof data0.diskBytes == "number")){
const err18 = {instancePath:instancePath+"/figures/diskBytes",schemaPath:"#/definitions/MoveFigures/properties/diskBytes/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
if(data0.passes !== undefined){
if(!(typeof data0.passes == "number")){
const err19 = {instancePath:instancePath+"/figures/passes",schemaPath:"#/definitions/MoveFigures/properties/passes/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
}
else {
const err20 = {instancePath:instancePath+"/figures",schemaPath:"#/definitions/MoveFigures/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
}
else {
const err21 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
validate48.errors = vErrors;
return errors === 0;
}

exports.askVm = validate49;
const schema69 = {"type":"object","properties":{"visited":{"type":"array","items":{"type":"string"},"maxItems":1000},"withinMs":{"type":"integer","minimum":0,"maximum":60000}},"required":["visited","withinMs"],"additionalProperties":false};

function validate49(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.visited === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "visited"},message:"must have required property '"+"visited"+"'"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.withinMs === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "withinMs"},message:"must have required property '"+"withinMs"+"'"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
for(const key0 in data){
if(!((key0 === "visited") || (key0 === "withinMs"))){
const err2 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.visited !== undefined){
let data0 = data.visited;
if(Array.isArray(data0)){
if(data0.length > 1000){
const err3 = {instancePath:instancePath+"/visited",schemaPath:"#/properties/visited/maxItems",keyword:"maxItems",params:{limit: 1000},message:"must NOT have more than 1000 items"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(typeof data0[i0] !== "string"){
const err4 = {instancePath:instancePath+"/visited/" + i0,schemaPath:"#/properties/visited/items/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
}
else {
const err5 = {instancePath:instancePath+"/visited",schemaPath:"#/properties/visited/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data.withinMs !== undefined){
let data2 = data.withinMs;
if(!((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2)))){
const err6 = {instancePath:instancePath+"/withinMs",schemaPath:"#/properties/withinMs/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if(typeof data2 == "number"){
if(data2 > 60000 || isNaN(data2)){
const err7 = {instancePath:instancePath+"/withinMs",schemaPath:"#/properties/withinMs/maximum",keyword:"maximum",params:{comparison: "<=", limit: 60000},message:"must be <= 60000"};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
if(data2 < 0 || isNaN(data2)){
const err8 = {instancePath:instancePath+"/withinMs",schemaPath:"#/properties/withinMs/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
}
}
else {
const err9 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
validate49.errors = vErrors;
return errors === 0;
}

exports.checkGpuPartition = validate50;
const schema70 = {"type":"object","properties":{"spec":{"$ref":"#/definitions/PartitionSpec"}},"required":["spec"],"additionalProperties":false};
const schema71 = {"type":"object","properties":{"name":{"type":"string","pattern":"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"},"address":{"type":"string","pattern":"^[0-9a-f]{4,8}:[0-9a-f]{2}:[01][0-9a-f][.][0-7]$"},"vendor":{"$ref":"#/definitions/ShortText"},"model":{"$ref":"#/definitions/ShortText"},"label":{"$ref":"#/definitions/ShortText"},"mode":{"anyOf":[{"$ref":"#/definitions/GpuMode"},{"type":"string","const":"auto"}]},"profile":{"$ref":"#/definitions/ShortText"},"vfs":{"type":"integer","minimum":1,"maximum":256},"quota":{"$ref":"#/definitions/PartitionQuota"}},"required":["name","mode"],"additionalProperties":false};
const schema72 = {"type":"string","pattern":"^[\\x20-\\x7e]{1,120}$"};
const schema75 = {"type":"string","enum":["passthrough","sriov","mdev","vendor-vfio"]};
const pattern30 = new RegExp("^[0-9a-f]{4,8}:[0-9a-f]{2}:[01][0-9a-f][.][0-7]$", "u");
const pattern31 = new RegExp("^[\\x20-\\x7e]{1,120}$", "u");
const schema77 = {"type":"object","properties":{"vramBytes":{"type":"integer","minimum":1},"executionQuantumMs":{"type":"integer","minimum":1,"maximum":4294967295},"preemptTimeoutUs":{"type":"integer","minimum":1,"maximum":4294967295},"priority":{"$ref":"#/definitions/SchedulingPriority"}},"additionalProperties":false};
const schema78 = {"type":"string","enum":["low","normal","high"]};

function validate52(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((((key0 === "vramBytes") || (key0 === "executionQuantumMs")) || (key0 === "preemptTimeoutUs")) || (key0 === "priority"))){
const err0 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
if(data.vramBytes !== undefined){
let data0 = data.vramBytes;
if(!((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0)))){
const err1 = {instancePath:instancePath+"/vramBytes",schemaPath:"#/properties/vramBytes/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(typeof data0 == "number"){
if(data0 < 1 || isNaN(data0)){
const err2 = {instancePath:instancePath+"/vramBytes",schemaPath:"#/properties/vramBytes/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
}
if(data.executionQuantumMs !== undefined){
let data1 = data.executionQuantumMs;
if(!((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1)))){
const err3 = {instancePath:instancePath+"/executionQuantumMs",schemaPath:"#/properties/executionQuantumMs/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(typeof data1 == "number"){
if(data1 > 4294967295 || isNaN(data1)){
const err4 = {instancePath:instancePath+"/executionQuantumMs",schemaPath:"#/properties/executionQuantumMs/maximum",keyword:"maximum",params:{comparison: "<=", limit: 4294967295},message:"must be <= 4294967295"};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
if(data1 < 1 || isNaN(data1)){
const err5 = {instancePath:instancePath+"/executionQuantumMs",schemaPath:"#/properties/executionQuantumMs/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
}
if(data.preemptTimeoutUs !== undefined){
let data2 = data.preemptTimeoutUs;
if(!((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2)))){
const err6 = {instancePath:instancePath+"/preemptTimeoutUs",schemaPath:"#/properties/preemptTimeoutUs/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if(typeof data2 == "number"){
if(data2 > 4294967295 || isNaN(data2)){
const err7 = {instancePath:instancePath+"/preemptTimeoutUs",schemaPath:"#/properties/preemptTimeoutUs/maximum",keyword:"maximum",params:{comparison: "<=", limit: 4294967295},message:"must be <= 4294967295"};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
if(data2 < 1 || isNaN(data2)){
const err8 = {instancePath:instancePath+"/preemptTimeoutUs",schemaPath:"#/properties/preemptTimeoutUs/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
}
if(data.priority !== undefined){
let data3 = data.priority;
if(typeof data3 !== "string"){
const err9 = {instancePath:instancePath+"/priority",schemaPath:"#/definitions/SchedulingPriority/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
if(!(((data3 === "low") || (data3 === "normal")) || (data3 === "high"))){
const err10 = {instancePath:instancePath+"/priority",schemaPath:"#/definitions/SchedulingPriority/enum",keyword:"enum",params:{allowedValues: schema78.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
}
else {
const err11 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
validate52.errors = vErrors;
return errors === 0;
}


function validate51(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.name === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "name"},message:"must have required property '"+"name"+"'"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.mode === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "mode"},message:"must have required property '"+"mode"+"'"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
for(const key0 in data){
if(!(func2.call(schema71.properties, key0))){
const err2 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.name !== undefined){
let data0 = data.name;
if(typeof data0 === "string"){
if(!pattern4.test(data0)){
const err3 = {instancePath:instancePath+"/name",schemaPath:"#/properties/name/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"},message:"must match pattern \""+"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"+"\""};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
else {
const err4 = {instancePath:instancePath+"/name",schemaPath:"#/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data.address !== undefined){
let data1 = data.address;
if(typeof data1 === "string"){
if(!pattern30.test(data1)){
const err5 = {instancePath:instancePath+"/address",schemaPath:"#/properties/address/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{4,8}:[0-9a-f]{2}:[01][0-9a-f][.][0-7]$"},message:"must match pattern \""+"^[0-9a-f]{4,8}:[0-9a-f]{2}:[01][0-9a-f][.][0-7]$"+"\""};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
else {
const err6 = {instancePath:instancePath+"/address",schemaPath:"#/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
if(data.vendor !== undefined){
let data2 = data.vendor;
if(typeof data2 === "string"){
if(!pattern31.test(data2)){
const err7 = {instancePath:instancePath+"/vendor",schemaPath:"#/definitions/ShortText/pattern",keyword:"pattern",params:{pattern: "^[\\x20-\\x7e]{1,120}$"},message:"must match pattern \""+"^[\\x20-\\x7e]{1,120}$"+"\""};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
else {
const err8 = {instancePath:instancePath+"/vendor",schemaPath:"#/definitions/ShortText/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
if(data.model !== undefined){
let data3 = data.model;
if(typeof data3 === "string"){
if(!pattern31.test(data3)){
const err9 = {instancePath:instancePath+"/model",schemaPath:"#/definitions/ShortText/pattern",keyword:"pattern",params:{pattern: "^[\\x20-\\x7e]{1,120}$"},message:"must match pattern \""+"^[\\x20-\\x7e]{1,120}$"+"\""};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
else {
const err10 = {instancePath:instancePath+"/model",schemaPath:"#/definitions/ShortText/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
if(data.label !== undefined){
let data4 = data.label;
if(typeof data4 === "string"){
if(!pattern31.test(data4)){
const err11 = {instancePath:instancePath+"/label",schemaPath:"#/definitions/ShortText/pattern",keyword:"pattern",params:{pattern: "^[\\x20-\\x7e]{1,120}$"},message:"must match pattern \""+"^[\\x20-\\x7e]{1,120}$"+"\""};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
else {
const err12 = {instancePath:instancePath+"/label",schemaPath:"#/definitions/ShortText/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
if(data.mode !== undefined){
let data5 = data.mode;
const _errs16 = errors;
let valid4 = false;
const _errs17 = errors;
if(typeof data5 !== "string"){
const err13 = {instancePath:instancePath+"/mode",schemaPath:"#/definitions/GpuMode/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
if(!((((data5 === "passthrough") || (data5 === "sriov")) || (data5 === "mdev")) || (data5 === "vendor-vfio"))){
const err14 = {instancePath:instancePath+"/mode",schemaPath:"#/definitions/GpuMode/enum",keyword:"enum",params:{allowedValues: schema75.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
var _valid0 = _errs17 === errors;
valid4 = valid4 || _valid0;
if(!valid4){
const _errs20 = errors;
if(typeof data5 !== "string"){
const err15 = {instancePath:instancePath+"/mode",schemaPath:"#/properties/mode/anyOf/1/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
if("auto" !== data5){
const err16 = {instancePath:instancePath+"/mode",schemaPath:"#/properties/mode/anyOf/1/const",keyword:"const",params:{allowedValue: "auto"},message:"must be equal to constant"};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
var _valid0 = _errs20 === errors;
valid4 = valid4 || _valid0;
}
if(!valid4){
const err17 = {instancePath:instancePath+"/mode",schemaPath:"#/properties/mode/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
else {
errors = _errs16;
if(vErrors !== null){
if(_errs16){
vErrors.length = _errs16;
}
else {
vErrors = null;
}
}
}
}
if(data.profile !== undefined){
let data6 = data.profile;
if(typeof data6 === "string"){
if(!pattern31.test(data6)){
const err18 = {instancePath:instancePath+"/profile",schemaPath:"#/definitions/ShortText/pattern",keyword:"pattern",params:{pattern: "^[\\x20-\\x7e]{1,120}$"},message:"must match pattern \""+"^[\\x20-\\x7e]{1,120}$"+"\""};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
else {
const err19 = {instancePath:instancePath+"/profile",schemaPath:"#/definitions/ShortText/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
if(data.vfs !== undefined){
let data7 = data.vfs;
if(!((typeof data7 == "number") && (!(data7 % 1) && !isNaN(data7)))){
const err20 = {instancePath:instancePath+"/vfs",schemaPath:"#/properties/vfs/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
if(typeof data7 == "number"){
if(data7 > 256 || isNaN(data7)){
const err21 = {instancePath:instancePath+"/vfs",schemaPath:"#/properties/vfs/maximum",keyword:"maximum",params:{comparison: "<=", limit: 256},message:"must be <= 256"};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
if(data7 < 1 || isNaN(data7)){
const err22 = {instancePath:instancePath+"/vfs",schemaPath:"#/properties/vfs/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
}
if(data.quota !== undefined){
if(!(validate52(data.quota, {instancePath:instancePath+"/quota",parentData:data,parentDataProperty:"quota",rootData}))){
vErrors = vErrors === null ? validate52.errors : vErrors.concat(validate52.errors);
errors = vErrors.length;
}
}
}
else {
const err23 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
validate51.errors = vErrors;
return errors === 0;
}


function validate50(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.spec === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "spec"},message:"must have required property '"+"spec"+"'"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
for(const key0 in data){
if(!(key0 === "spec")){
const err1 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.spec !== undefined){
if(!(validate51(data.spec, {instancePath:instancePath+"/spec",parentData:data,parentDataProperty:"spec",rootData}))){
vErrors = vErrors === null ? validate51.errors : vErrors.concat(validate51.errors);
errors = vErrors.length;
}
}
}
else {
const err2 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
validate50.errors = vErrors;
return errors === 0;
}

exports.putGpuPartition = validate55;
const schema79 = {"type":"object","properties":{"operationId":{"$ref":"#/definitions/OperationId"},"owner":{"type":"string"},"logicalName":{"type":"string"},"spec":{"$ref":"#/definitions/PartitionSpec"},"creating":{"type":"boolean"}},"required":["operationId","owner","logicalName","spec","creating"],"additionalProperties":false};

function validate55(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.operationId === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "operationId"},message:"must have required property '"+"operationId"+"'"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.owner === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "owner"},message:"must have required property '"+"owner"+"'"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(data.logicalName === undefined){
const err2 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "logicalName"},message:"must have required property '"+"logicalName"+"'"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(data.spec === undefined){
const err3 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "spec"},message:"must have required property '"+"spec"+"'"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(data.creating === undefined){
const err4 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "creating"},message:"must have required property '"+"creating"+"'"};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
for(const key0 in data){
if(!(((((key0 === "operationId") || (key0 === "owner")) || (key0 === "logicalName")) || (key0 === "spec")) || (key0 === "creating"))){
const err5 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data.operationId !== undefined){
let data0 = data.operationId;
if(typeof data0 === "string"){
if(!pattern0.test(data0)){
const err6 = {instancePath:instancePath+"/operationId",schemaPath:"#/definitions/OperationId/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9-]{8,64}$"},message:"must match pattern \""+"^[A-Za-z0-9-]{8,64}$"+"\""};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
else {
const err7 = {instancePath:instancePath+"/operationId",schemaPath:"#/definitions/OperationId/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
if(data.owner !== undefined){
if(typeof data.owner !== "string"){
const err8 = {instancePath:instancePath+"/owner",schemaPath:"#/properties/owner/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
if(data.logicalName !== undefined){
if(typeof data.logicalName !== "string"){
const err9 = {instancePath:instancePath+"/logicalName",schemaPath:"#/properties/logicalName/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
if(data.spec !== undefined){
if(!(validate51(data.spec, {instancePath:instancePath+"/spec",parentData:data,parentDataProperty:"spec",rootData}))){
vErrors = vErrors === null ? validate51.errors : vErrors.concat(validate51.errors);
errors = vErrors.length;
}
}
if(data.creating !== undefined){
if(typeof data.creating !== "boolean"){
const err10 = {instancePath:instancePath+"/creating",schemaPath:"#/properties/creating/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
}
else {
const err11 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
validate55.errors = vErrors;
return errors === 0;
}

exports.deleteGpuPartition = validate57;
const schema81 = {"type":"object","properties":{"operationId":{"$ref":"#/definitions/OperationId"},"incarnation":{"type":"number"}},"required":["operationId","incarnation"],"additionalProperties":false};

function validate57(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.operationId === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "operationId"},message:"must have required property '"+"operationId"+"'"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.incarnation === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "incarnation"},message:"must have required property '"+"incarnation"+"'"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
for(const key0 in data){
if(!((key0 === "operationId") || (key0 === "incarnation"))){
const err2 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.operationId !== undefined){
let data0 = data.operationId;
if(typeof data0 === "string"){
if(!pattern0.test(data0)){
const err3 = {instancePath:instancePath+"/operationId",schemaPath:"#/definitions/OperationId/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9-]{8,64}$"},message:"must match pattern \""+"^[A-Za-z0-9-]{8,64}$"+"\""};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
else {
const err4 = {instancePath:instancePath+"/operationId",schemaPath:"#/definitions/OperationId/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data.incarnation !== undefined){
if(!(typeof data.incarnation == "number")){
const err5 = {instancePath:instancePath+"/incarnation",schemaPath:"#/properties/incarnation/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
}
else {
const err6 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
validate57.errors = vErrors;
return errors === 0;
}

